import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import type { Pipeline } from '../../services/local/pipeline/start-pipeline.ts';
import { consume } from '../../services/shared/consume.ts';
import { parseMessage } from '../../services/subscriber/handler.ts';

/** A subscriber to every SilverUpdated. */
export type Ear = {
  readonly queueName: string;
  /** Milliseconds from `sinceMs`, of performance.now(), to the last event heard. @throws if none came since. */
  heardAfter(sinceMs: number): number;
  close(): Promise<void>;
};

const queueName = 'bench';

export async function hearSilver({ aws, names }: Pipeline): Promise<Ear> {
  const { QueueUrl: queueUrl = '' } = await aws.sqs.send(new CreateQueueCommand({ QueueName: queueName }));
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  const rule = { Name: 'bench', EventBusName: names.busName };
  await aws.eventBridge.send(
    new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ 'detail-type': ['SilverUpdated'] }) }),
  );
  await aws.eventBridge.send(
    new PutTargetsCommand({
      Rule: rule.Name,
      EventBusName: rule.EventBusName,
      Targets: [{ Id: 'bench', Arn: Attributes?.['QueueArn'] }],
    }),
  );
  let lastMs = Number.NEGATIVE_INFINITY;
  const stopping = new AbortController();
  const consuming = consume(
    {
      sqs: aws.sqs,
      queueUrl,
      deadLetterQueueUrl: names.deadLetterQueueUrl,
      logger: pino({ level: 'silent' }),
    },
    {
      signal: stopping.signal,
      parse: parseMessage,
      handle: async () => {
        lastMs = performance.now();
      },
    },
  );
  return {
    queueName,
    heardAfter(sinceMs) {
      if (lastMs < sinceMs) throw new Error('no SilverUpdated came');
      return lastMs - sinceMs;
    },
    async close() {
      stopping.abort();
      await consuming;
    },
  };
}
