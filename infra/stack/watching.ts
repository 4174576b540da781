import { Stack, Validations } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { addAlarms } from './alarms.ts';
import { addDashboard } from './dashboard.ts';
import type { Database } from './database.ts';
import type { Deployment } from './deployment.ts';
import type { Jobs } from './jobs.ts';
import type { Queues } from './queues.ts';

export type WatchingDeps = { readonly database: Database; readonly queues: Queues; readonly jobs: Jobs };

/** What tells that something is wrong, and shows how it goes: alarms, a dashboard, a budget. */
export function addWatching({ scope, settings }: Deployment, { database, queues, jobs }: WatchingDeps): void {
  const here = new Construct(scope, 'Watching');
  const topic = new sns.Topic(here, 'Topic', { topicName: 'fibonacci-bars-alarms', enforceSSL: true });
  const ofThisAccount = { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(here).account } } };
  for (const [service, options] of [
    ['budgets', ofThisAccount],
    ['cloudwatch', ofThisAccount],
    // EventBridge cannot publish to a topic whose policy has a condition for it.
    ['events', {}],
  ] as const) {
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        actions: ['sns:Publish'],
        principals: [new iam.ServicePrincipal(`${service}.amazonaws.com`, options)],
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

  const failedJobsRule = failedJobs(here, jobs.jobQueueArn, topic.topicArn);
  addAlarms(here, { topicArn: topic.topicArn, failedJobsRule, database, queues });
  addDashboard(here, { database, queues });
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
}

/** Batch counts no failures: a rule does, and its mail says which job and why. Returns the name of the rule. */
function failedJobs(here: Construct, jobQueueArn: string, topicArn: string): string {
  const rule = new events.CfnRule(here, 'JobFailed', {
    name: 'job-failed',
    description: 'A job that failed for good is told by mail',
    eventPattern: {
      source: ['aws.batch'],
      'detail-type': ['Batch Job State Change'],
      detail: {
        jobQueue: [jobQueueArn],
        status: ['FAILED'],
        // One mail for an array job.
        arrayProperties: { index: [{ exists: false }] },
      },
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
