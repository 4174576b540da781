import { Stack, Validations } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Database } from './database.ts';
import type { Deployment } from './deployment.ts';
import type { Jobs } from './jobs.ts';
import type { Queues } from './queues.ts';

export type WatchingDeps = { readonly database: Database; readonly queues: Queues; readonly jobs: Jobs };

export const metricNamespace = 'FibonacciBars';

const hour = 3_600;

/** What tells that something is wrong, and shows how it goes: alarms, a dashboard, a budget. */
export function addWatching({ scope, settings }: Deployment, { database, queues, jobs }: WatchingDeps): void {
  const here = new Construct(scope, 'Watching');
  const topic = new sns.Topic(here, 'Topic', { topicName: 'fibonacci-bars-alarms', enforceSSL: true });
  for (const service of ['budgets', 'cloudwatch', 'events']) {
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        actions: ['sns:Publish'],
        principals: [
          new iam.ServicePrincipal(`${service}.amazonaws.com`, {
            conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(here).account } },
          }),
        ],
        resources: [topic.topicArn],
      }),
    );
  }
  if (settings.alarmAddress === null) {
    Validations.of(topic).addWarning(
      'fibonacci-bars:alarm-address',
      'Nobody hears of the alarms: set alarmAddress in infra/settings.ts',
    );
  } else {
    new sns.CfnSubscription(here, 'Mail', {
      topicArn: topic.topicArn,
      protocol: 'email',
      endpoint: settings.alarmAddress,
    });
  }

  logMetric(here, jobs.fetchLogName, 'night taken in', { nights: '1', barsWritten: '$.barsWritten' });
  logMetric(here, jobs.resampleLogName, 'job is done', {
    jobMs: '$.durationMs',
    rowsChanged: '$.changedRows',
  });
  const failed = failedJobs(here, jobs.jobQueueArn, topic.topicArn);

  const alarm = (id: string, description: string, props: AlarmProps) =>
    new cloudwatch.CfnAlarm(here, id, {
      alarmName: `fibonacci-bars-${id.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}`,
      alarmDescription: description,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: 'notBreaching',
      alarmActions: [topic.topicArn],
      ...props,
    });
  const { queue } = queues.dispatcher;
  const own = (metricName: string) => ({ namespace: metricNamespace, metricName });
  const capacity = {
    namespace: 'AWS/RDS',
    metricName: 'ServerlessDatabaseCapacity',
    dimensions: [{ name: 'DBClusterIdentifier', value: database.clusterId }],
  };
  alarm('DeadLetters', 'Look at them with `fibbars redrive --dry-run`.', {
    metrics: [
      ...queues.ofDeadLetters.map(({ queueName }, at) => ({
        id: `letters${at}`,
        returnData: false,
        metricStat: {
          stat: 'Maximum',
          period: 300,
          metric: {
            namespace: 'AWS/SQS',
            metricName: 'ApproximateNumberOfMessagesVisible',
            dimensions: [{ name: 'QueueName', value: queueName }],
          },
        },
      })),
      { id: 'all', expression: 'MAX(METRICS())', returnData: true },
    ],
  });
  alarm('OldMessage', 'The dispatcher takes no messages: see its log and the events of its service.', {
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: [{ name: 'QueueName', value: queue.queueName }],
    statistic: 'Maximum',
    period: 300,
    threshold: hour,
  });
  alarm('FailedJobs', 'The mail of the rule job-failed names the job and the reason.', {
    namespace: 'AWS/Events',
    metricName: 'Invocations',
    dimensions: [{ name: 'RuleName', value: failed }],
    statistic: 'Sum',
    period: 300,
  });
  // The longest time between two nights of the schedule is 24 hours.
  alarm(
    'NoReport',
    'No night was taken in for 30 hours: see the schedules, the job queue and the log of the fetcher.',
    {
      ...own('nights'),
      statistic: 'Sum',
      period: hour,
      evaluationPeriods: 30,
      comparisonOperator: 'LessThanThreshold',
      threshold: 1,
      treatMissingData: 'breaching',
    },
  );
  alarm('DatabaseAwake', 'Somebody stays connected: awake all month it costs some 44 USD.', {
    ...capacity,
    statistic: 'Minimum',
    period: 300,
    evaluationPeriods: 36,
  });

  new budgets.CfnBudget(here, 'Budget', {
    budget: {
      budgetName: 'fibonacci-bars',
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: settings.budgetUsd, unit: 'USD' },
    },
    notificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((notificationType) => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold: 100 },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    })),
  });

  const metric = (
    namespace: string,
    metricName: string,
    dimensionsMap: Record<string, string>,
    statistic: string,
  ) => new cloudwatch.Metric({ namespace, metricName, dimensionsMap, statistic });
  const graph = (title: string, ...left: cloudwatch.Metric[]) =>
    new cloudwatch.GraphWidget({ title, left, width: 12 });
  new cloudwatch.Dashboard(here, 'Dashboard', {
    dashboardName: 'fibonacci-bars',
    widgets: [
      [
        graph(
          'Nights and bars',
          metric(metricNamespace, 'nights', {}, 'Sum'),
          metric(metricNamespace, 'barsWritten', {}, 'Sum'),
        ),
        graph(
          'Jobs: ms and rows',
          metric(metricNamespace, 'jobMs', {}, 'Maximum'),
          metric(metricNamespace, 'rowsChanged', {}, 'Sum'),
        ),
      ],
      [
        graph(
          'Messages',
          metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: queue.queueName }, 'Maximum'),
          ...queues.ofDeadLetters.map(({ queueName }) =>
            metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: queueName }, 'Maximum'),
          ),
        ),
        graph(
          'Database, ACU',
          metric(
            'AWS/RDS',
            'ServerlessDatabaseCapacity',
            { DBClusterIdentifier: database.clusterId },
            'Average',
          ),
        ),
      ],
    ],
  });
}

type AlarmProps = Partial<cloudwatch.CfnAlarmProps>;

/** Metrics of a line that the programs log: by name, the field that has the value. */
function logMetric(
  here: Construct,
  logGroupName: string,
  message: string,
  values: Record<string, string>,
): void {
  for (const [metricName, metricValue] of Object.entries(values)) {
    new logs.CfnMetricFilter(here, metricName, {
      logGroupName,
      filterPattern: `{ $.msg = "${message}" }`,
      metricTransformations: [{ metricNamespace, metricName, metricValue }],
    });
  }
}

/** Batch counts no failures: a rule does, and its mail says which job and why. Returns the name of the rule. */
function failedJobs(here: Construct, jobQueueArn: string, topicArn: string): string {
  const rule = new events.CfnRule(here, 'JobFailed', {
    name: 'job-failed',
    description: 'A job that failed for good is told by mail',
    eventPattern: {
      source: ['aws.batch'],
      'detail-type': ['Batch Job State Change'],
      detail: { jobQueue: [jobQueueArn], status: ['FAILED'] },
    },
    state: 'ENABLED',
    targets: [
      {
        id: 'mail',
        arn: topicArn,
        inputTransformer: {
          inputPathsMap: { job: '$.detail.jobName', id: '$.detail.jobId', reason: '$.detail.statusReason' },
          inputTemplate: '"Job <job> (<id>) failed: <reason>"',
        },
      },
    ],
  });
  return rule.ref;
}
