import type { Logger } from '../../../shared/logger.ts';
import type { OutgoingMessage, SqsService } from '../sqs/sqs-service.ts';
import { type EventBridgeState, matcherOf, type Rule, type Target } from './event-bridge-state.ts';

export type DeliverDeps = {
  readonly state: EventBridgeState;
  readonly sqs: Pick<SqsService, 'hasQueue' | 'send'>;
  readonly logger: Logger;
};

export type BusEvents = {
  readonly bus: string;
  /** Whole events as JSON text. */
  readonly events: readonly string[];
  /** Only these rules; all of the bus if absent. */
  readonly ruleArns?: readonly string[] | undefined;
};

/**
 * Hands each event to the targets of the rules that match it. Returns once every target queue has it durably.
 * What a target cannot take goes to the target's dead-letter queue, without retries as AWS does for a queue that is gone.
 */
export function deliverEvents(deps: DeliverDeps, { bus, events, ruleArns }: BusEvents): void {
  const rules = deps.state.rules
    .all()
    .filter((rule) => rule.EventBusName === bus && rule.State === 'ENABLED')
    .filter((rule) => !ruleArns || ruleArns.includes(rule.Arn));
  if (rules.length === 0) return;
  const messages: OutgoingMessage[] = [];
  for (const text of events) {
    const event: unknown = JSON.parse(text);
    for (const rule of rules) {
      if (!matcherOf(rule.EventPattern)(event)) continue;
      for (const target of rule.Targets) messages.push(...messageFor(deps, { rule, target, text }));
    }
  }
  if (messages.length > 0) deps.sqs.send(messages);
}

type Delivery = { readonly rule: Rule; readonly target: Target; readonly text: string };

function messageFor({ sqs, logger }: DeliverDeps, { rule, target, text }: Delivery): OutgoingMessage[] {
  if (sqs.hasQueue(target.Arn)) return [{ queueArn: target.Arn, body: text }];
  const deadLetterArn = target.DeadLetterConfig?.Arn;
  if (deadLetterArn && sqs.hasQueue(deadLetterArn)) {
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    const attributes = {
      RULE_ARN: rule.Arn,
      TARGET_ARN: target.Arn,
      ERROR_CODE: 'NO_RESOURCE',
      ERROR_MESSAGE: 'The specified queue does not exist.',
    };
    return [{ queueArn: deadLetterArn, body: text, attributes }];
  }
  logger.warn(
    { rule: rule.Name, target: target.Arn },
    'event dropped: the target does not exist and has no dead-letter queue',
  );
  return [];
}
