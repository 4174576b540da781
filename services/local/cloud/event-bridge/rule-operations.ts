import { arn } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import {
  busOf,
  checkPattern,
  type EventBridgeState,
  fail,
  matcherOf,
  notFound,
  type Rule,
  type Target,
} from './event-bridge-state.ts';
import { type Input, type Operations, refuseMembers, startsWith, textOf } from './operations.ts';

const unsupportedOfTargets = [
  'Input',
  'InputPath',
  'InputTransformer',
  'SqsParameters',
  'EcsParameters',
  'BatchParameters',
];

export function ruleOperations(state: EventBridgeState): Operations {
  const keyOf = (bus: string, name: string) => `${bus}|${name}`;

  function ruleOf(input: Input, member: string): Rule {
    const bus = busOf(state, input['EventBusName']);
    const name = textOf(input, member);
    return (
      state.rules.get(keyOf(bus.Name, name)) ??
      fail(notFound(`Rule ${name} does not exist on EventBus ${bus.Name}.`))
    );
  }

  function save(rule: Rule): object {
    state.rules.put(keyOf(rule.EventBusName, rule.Name), rule);
    return {};
  }

  return {
    PutRule(input) {
      refuseMembers('PutRule', input, ['ScheduleExpression']);
      const bus = busOf(state, input['EventBusName']);
      const name = textOf(input, 'Name');
      const pattern = checkPattern(textOf(input, 'EventPattern'));
      const path = bus.Name === 'default' ? name : `${bus.Name}/${name}`;
      const rule: Rule = {
        Name: name,
        Arn: arn(state.account, 'events', `rule/${path}`),
        EventBusName: bus.Name,
        EventPattern: pattern,
        State: input['State'] === 'DISABLED' ? 'DISABLED' : 'ENABLED',
        Description: input['Description'] as string | undefined,
        Targets: state.rules.get(keyOf(bus.Name, name))?.Targets ?? [],
      };
      save(rule);
      return { RuleArn: rule.Arn };
    },
    DescribeRule: (input) => withoutTargets(ruleOf(input, 'Name')),
    ListRules(input) {
      const bus = busOf(state, input['EventBusName']);
      const rules = state.rules.all().filter((rule) => rule.EventBusName === bus.Name);
      return {
        Rules: rules.filter((rule) => startsWith(rule.Name, input['NamePrefix'])).map(withoutTargets),
      };
    },
    DeleteRule(input) {
      const bus = busOf(state, input['EventBusName']);
      const rule = state.rules.get(keyOf(bus.Name, textOf(input, 'Name')));
      if (rule && rule.Targets.length > 0) {
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      }
      if (rule) state.rules.delete(keyOf(bus.Name, rule.Name));
      return {};
    },
    EnableRule: (input) => save({ ...ruleOf(input, 'Name'), State: 'ENABLED' }),
    DisableRule: (input) => save({ ...ruleOf(input, 'Name'), State: 'DISABLED' }),
    PutTargets(input) {
      const rule = ruleOf(input, 'Rule');
      const targets = (input['Targets'] ?? []) as Target[];
      for (const target of targets) {
        textOf(target, 'Id');
        refuseMembers('targets', target, unsupportedOfTargets);
        if (!textOf(target, 'Arn').startsWith('arn:aws:sqs:')) {
          throw new AwsError(
            'ValidationException',
            `The local cloud delivers to SQS queues only, not to ${target.Arn}`,
          );
        }
      }
      const replaced = new Set(targets.map((target) => target.Id));
      const kept = rule.Targets.filter((target) => !replaced.has(target.Id));
      if (kept.length + targets.length > 5) {
        throw new AwsError(
          'LimitExceededException',
          'The requested resource exceeds the maximum number allowed: 5 targets per rule.',
        );
      }
      save({ ...rule, Targets: [...kept, ...targets] });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: (input) => ({ Targets: ruleOf(input, 'Rule').Targets }),
    RemoveTargets(input) {
      const rule = ruleOf(input, 'Rule');
      const ids = (input['Ids'] ?? []) as string[];
      save({ ...rule, Targets: rule.Targets.filter((target) => !ids.includes(target.Id)) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    TestEventPattern(input) {
      const pattern = checkPattern(textOf(input, 'EventPattern'));
      let event: unknown;
      try {
        event = JSON.parse(textOf(input, 'Event'));
      } catch {
        throw new AwsError('ValidationException', 'Event is not valid JSON.');
      }
      return { Result: matcherOf(pattern)(event) };
    },
  };
}

function withoutTargets(rule: Rule): object {
  return { ...rule, Targets: undefined };
}
