import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { settings } from '../../infra/settings.ts';
import { metricNamespace, metrics } from '../../services/shared/metrics.ts';
import { readTaskPrice } from '../../services/shared/task-price.ts';
import { createTestApp, resourcesOf } from './template.ts';

const withMail = { ...settings, alarmAddress: 'me@example.com' };
const template = Template.fromStack(createTestApp({ settings: withMail }).stack);
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

test('an awake database is one after three hours', () => {
  expect(alarm('database-awake')).toMatchObject({
    Namespace: 'AWS/RDS',
    MetricName: 'ServerlessDatabaseCapacity',
    Statistic: 'Minimum',
    Period: 300,
    EvaluationPeriods: 36,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
  });
});

test('the age of the oldest message is one after an hour', () => {
  expect(alarm('old-message')).toMatchObject({
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [
      {
        Name: 'QueueName',
        Value: { 'Fn::GetAtt': [expect.stringMatching(/^QueuesDispatcher[^D]/), 'QueueName'] },
      },
    ],
    Statistic: 'Maximum',
    Threshold: 3_600,
  });
});

test('thirty hours without a report are one, whatever a report says', () => {
  expect(alarm('no-report')).toMatchObject({
    Namespace: 'FibonacciBars',
    MetricName: 'sessionsMissing',
    Statistic: 'SampleCount',
    Period: 3_600,
    EvaluationPeriods: 30,
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'breaching',
  });
});

test.each([
  ['sessions-missing', 'sessionsMissing'],
  ['pending-invalidations', 'pendingInvalidations'],
])('%s are one as soon as a run counts more than none, and until a run counts none', (name, MetricName) => {
  expect(alarm(name)).toMatchObject({
    Namespace: 'FibonacciBars',
    MetricName,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    // Runs are hours apart.
    TreatMissingData: 'ignore',
  });
  // What is embedded in a log line has no dimensions, and would not be found with some.
  expect(alarm(name)).not.toHaveProperty('Dimensions');
});

test('a run reports once a session is due, on each morning after one', () => {
  const schedules = resourcesOf(template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
  expect(schedules).toContainEqual(
    expect.objectContaining({
      ScheduleExpression: 'cron(30 7 ? * TUE-SAT *)',
      ScheduleExpressionTimezone: 'America/New_York',
    }),
  );
});

test('the dashboard shows the metrics that the programs embed, each and no other', () => {
  const [[, dashboard] = expect.fail('no dashboard')] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard.Properties['DashboardBody']).replaceAll('\\', '');
  const shown = body.matchAll(new RegExp(`"${metricNamespace}","(\\w+)"`, 'g'));
  expect([...shown].map(([, name = '']) => name).toSorted()).toEqual(Object.keys(metrics).toSorted());
});

test('the jobs are told what they cost an hour', () => {
  const jobs = resourcesOf(template, 'AWS::Batch::JobDefinition');
  expect(jobs).toHaveLength(2);
  for (const [, { Properties }] of jobs) {
    const { Environment } = Properties['ContainerProperties'] as {
      Environment: { Name: string; Value: string }[];
    };
    const { Value } =
      Environment.find(({ Name }) => Name === 'FIBBARS_TASK_USD_HOUR') ?? expect.fail('not told');
    // 1 vCPU and 2 GB of ARM64.
    expect(readTaskPrice({ FIBBARS_TASK_USD_HOUR: Value })).toEqual({
      spotHour: 0.01975,
      onDemandHour: 0.0395,
    });
  }
});

test('a job that failed is counted and told by name', () => {
  const [[rule] = expect.fail('no rule')] = resourcesOf(template, 'AWS::Events::Rule').filter(
    ([, { Properties }]) => Properties['Name'] === 'job-failed',
  );
  expect(alarm('failed-jobs')).toMatchObject({
    Namespace: 'AWS/Events',
    MetricName: 'Invocations',
    Dimensions: [{ Name: 'RuleName', Value: { Ref: rule } }],
    Statistic: 'Sum',
    Threshold: 0,
  });
});

test('alarms, the budget and the rule may publish to the topic, the rule without a condition, which it cannot meet', () => {
  const [[, policy] = expect.fail('no policy')] = resourcesOf(template, 'AWS::SNS::TopicPolicy');
  const { Statement } = policy.Properties['PolicyDocument'] as {
    Statement: { Effect: string; Principal: { Service?: string | string[] }; Condition?: object }[];
  };
  const conditions = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(
    ({ Principal, Condition }) => [Principal.Service].flat().map((service) => [service, Condition] as const),
  );
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  expect(Object.fromEntries(conditions)).toEqual({
    'budgets.amazonaws.com': ofThisAccount,
    'cloudwatch.amazonaws.com': ofThisAccount,
    'events.amazonaws.com': undefined,
  });
});

test('the budget is told of what is spent and of what will be', () => {
  const [[, budget] = expect.fail('no budget')] = resourcesOf(template, 'AWS::Budgets::Budget');
  expect(budget.Properties).toMatchObject({
    Budget: { BudgetLimit: { Amount: 10, Unit: 'USD' }, TimeUnit: 'MONTHLY' },
    NotificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((NotificationType) => ({
      Notification: { NotificationType, ComparisonOperator: 'GREATER_THAN', Threshold: 100 },
      Subscribers: [{ SubscriptionType: 'SNS' }],
    })),
  });
});
