import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { settings } from '../../infra/settings.ts';
import { createApp } from '../../infra/synthesise.ts';
import { resourcesOf } from './template.ts';

const withMail = { ...settings, alarmAddress: 'me@example.com' };
const template = Template.fromStack(createApp({ settings: withMail }).stack);
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const alarm = (name: string) => {
  const found = alarms.find(({ AlarmName }) => AlarmName === `fibonacci-bars-${name}`);
  return found ?? expect.fail(`no alarm ${name}`);
};

test('there are no more than ten alarms, and all but those that scale reach the address', () => {
  expect(alarms.length).toBeLessThanOrEqual(10);
  const [[topic] = expect.fail('no topic')] = resourcesOf(template, 'AWS::SNS::Topic');
  const told = alarms.filter(
    ({ AlarmActions }) => JSON.stringify(AlarmActions) === JSON.stringify([{ Ref: topic }]),
  );
  expect(told).toHaveLength(alarms.length - 2);
  expect(
    template.findResources('AWS::SNS::Subscription', {
      Properties: { Protocol: 'email', Endpoint: 'me@example.com', TopicArn: { Ref: topic } },
    }),
  ).not.toEqual({});
});

test('dead letters of every queue of dead letters are an alarm', () => {
  const queues = resourcesOf(template, 'AWS::SQS::Queue').filter(([, { Properties }]) =>
    /dead-letters|undelivered/.test(String(Properties['QueueName'])),
  );
  expect(queues).toHaveLength(6);
  const text = JSON.stringify(alarm('dead-letters')['Metrics']);
  for (const [id] of queues) expect(text).toContain(`"${id}"`);
});

test('an awake database is one after three hours, a missing report one after thirty', () => {
  expect(alarm('database-awake')).toMatchObject({ Statistic: 'Minimum', Period: 300, EvaluationPeriods: 36 });
  expect(alarm('no-report')).toMatchObject({
    Period: 3_600,
    EvaluationPeriods: 30,
    TreatMissingData: 'breaching',
  });
});

test('a job that failed is counted and told by name', () => {
  const [[rule] = expect.fail('no rule')] = resourcesOf(template, 'AWS::Events::Rule').filter(
    ([, { Properties }]) => Properties['Name'] === 'job-failed',
  );
  expect(alarm('failed-jobs')).toMatchObject({ Dimensions: [{ Name: 'RuleName', Value: { Ref: rule } }] });
});

test('the budget is told of what is spent and of what will be', () => {
  template.hasResourceProperties('AWS::Budgets::Budget', {
    Budget: Match.objectLike({ BudgetLimit: { Amount: 10, Unit: 'USD' }, TimeUnit: 'MONTHLY' }),
  });
  expect(resourcesOf(template, 'AWS::CloudWatch::Dashboard')).toHaveLength(1);
});
