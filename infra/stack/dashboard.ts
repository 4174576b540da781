import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Database } from './database.ts';
import { metricNamespace } from './deployment.ts';
import type { Queues } from './queues.ts';

export type DashboardDeps = { readonly database: Database; readonly queues: Queues };

/** How it goes, on one page. */
export function addDashboard(here: Construct, { database, queues }: DashboardDeps): void {
  const own = (metricName: string, statistic: string) =>
    new cloudwatch.Metric({ namespace: metricNamespace, metricName, statistic });
  const aws = (
    namespace: string,
    metricName: string,
    dimensionsMap: Record<string, string>,
    statistic: string,
  ) => new cloudwatch.Metric({ namespace: `AWS/${namespace}`, metricName, dimensionsMap, statistic });
  const depth = (queueName: string) =>
    aws('SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: queueName }, 'Maximum');
  const graph = (title: string, ...left: cloudwatch.Metric[]) =>
    new cloudwatch.GraphWidget({ title, left, width: 12 });
  new cloudwatch.Dashboard(here, 'Dashboard', {
    dashboardName: 'fibonacci-bars',
    widgets: [
      [
        graph(
          'What is missing, what is pending',
          own('sessionsMissing', 'Maximum'),
          own('pendingInvalidations', 'Maximum'),
        ),
        graph('Rows', own('barsWritten', 'Sum'), own('rowsChanged', 'Sum')),
      ],
      [
        graph('A night, a job: milliseconds', own('fetchDuration', 'Maximum'), own('jobDuration', 'Maximum')),
        graph('Tasks, USD: on Spot, and on demand', own('spotCost', 'Sum'), own('onDemandCost', 'Sum')),
      ],
      [
        graph(
          'Messages',
          depth(queues.dispatcher.queue.queueName),
          ...queues.ofDeadLetters.map(({ queueName }) => depth(queueName)),
        ),
        graph(
          'Database, ACU',
          aws('RDS', 'ServerlessDatabaseCapacity', { DBClusterIdentifier: database.clusterId }, 'Average'),
        ),
      ],
    ],
  });
}
