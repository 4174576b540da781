import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Database } from './database.ts';
import { metricNamespace } from './deployment.ts';
import type { Queues } from './queues.ts';

export type AlarmsDeps = {
  readonly topicArn: string;
  /** Rule that counts the jobs that failed for good. */
  readonly failedJobsRule: string;
  readonly database: Database;
  readonly queues: Queues;
};

const hour = 3_600;

/** What tells people that something is wrong. With the two that scale the dispatcher they are nine, and ten are enough. */
export function addAlarms(here: Construct, { topicArn, failedJobsRule, database, queues }: AlarmsDeps): void {
  const alarm = (id: string, description: string, props: Partial<cloudwatch.CfnAlarmProps>) =>
    new cloudwatch.CfnAlarm(here, id, {
      alarmName: `fibonacci-bars-${id.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}`,
      alarmDescription: description,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: 'notBreaching',
      alarmActions: [topicArn],
      ...props,
    });
  const own = (metricName: string) => ({ namespace: metricNamespace, metricName });

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
    dimensions: [{ name: 'QueueName', value: queues.dispatcher.queue.queueName }],
    statistic: 'Maximum',
    period: 300,
    threshold: hour,
  });
  alarm('FailedJobs', 'The mail of the rule job-failed names the job and the reason.', {
    namespace: 'AWS/Events',
    metricName: 'Invocations',
    dimensions: [{ name: 'RuleName', value: failedJobsRule }],
    statistic: 'Sum',
    period: 300,
  });
  // The fetcher counts what is due by the calendar; the last of a morning's runs starts at 07:30. Until the next it stays as it is.
  alarm(
    'SessionsMissing',
    'Sessions that are due are not there: the line `night taken in` of the fetcher names them.',
    {
      ...own('sessionsMissing'),
      statistic: 'Minimum',
      period: 300,
      treatMissingData: 'ignore',
    },
  );
  // Each run counts before it begins: the database is awake for it, and whatever else is broken, it runs by the clock.
  alarm(
    'PendingInvalidations',
    'Silver is hours behind bronze: see `fibbars status`, then `fibbars resample --pending`.',
    {
      ...own('pendingInvalidations'),
      statistic: 'Maximum',
      period: 300,
      treatMissingData: 'ignore',
    },
  );
  // The longest time between two runs of the schedule is 24 hours.
  alarm(
    'NoReport',
    'No night was taken in for 30 hours: see the schedules, the job queue and the log of the fetcher.',
    {
      ...own('sessionsMissing'),
      statistic: 'SampleCount',
      period: hour,
      evaluationPeriods: 30,
      comparisonOperator: 'LessThanThreshold',
      threshold: 1,
      treatMissingData: 'breaching',
    },
  );
  alarm('DatabaseAwake', 'Somebody stays connected: awake all month it costs some 44 USD.', {
    namespace: 'AWS/RDS',
    metricName: 'ServerlessDatabaseCapacity',
    dimensions: [{ name: 'DBClusterIdentifier', value: database.clusterId }],
    statistic: 'Minimum',
    period: 300,
    evaluationPeriods: 36,
  });
}
