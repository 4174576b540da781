import { Stack } from 'aws-cdk-lib';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { FetchTime } from '../settings.ts';
import { topology } from '../topology.ts';
import type { Deployment } from './deployment.ts';
import type { Jobs } from './jobs.ts';
import type { Queues } from './queues.ts';
import { addRole } from './roles.ts';

/** Starts the job of a night by the clocks of New York: a cron in UTC is an hour off for half the year. */
export function addSchedules(
  { scope, settings }: Deployment,
  { jobs, queues }: { jobs: Jobs; queues: Queues },
): void {
  const here = new Construct(scope, 'Schedules');
  const role = addRole(here, 'Role', {
    service: 'scheduler.amazonaws.com',
    permissions: [
      { actions: ['batch:SubmitJob'], resources: [jobs.jobQueueArn, jobs.fetchArn] },
      { actions: ['sqs:SendMessage'], resources: [queues.unscheduled.queueArn] },
    ],
  });
  const group = new scheduler.CfnScheduleGroup(here, 'Group', { name: 'fibonacci-bars' });
  for (const time of settings.schedule) {
    new scheduler.CfnSchedule(here, time.name, {
      name: `fetch-${time.name}`,
      groupName: group.ref,
      description: `Fetches at ${time.time} in New York`,
      scheduleExpression: cronOf(time),
      scheduleExpressionTimezone: 'America/New_York',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        // Batch is no target of its own: the scheduler calls its API.
        arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
        roleArn: role.roleArn,
        input: Stack.of(here).toJsonString({
          JobName: `${topology.batch.fetch.name}-${time.name}`,
          JobQueue: jobs.jobQueueArn,
          JobDefinition: jobs.fetchArn,
        }),
        // Later than that the next one is near.
        retryPolicy: { maximumRetryAttempts: 60, maximumEventAgeInSeconds: 3_600 },
        deadLetterConfig: { arn: queues.unscheduled.queueArn },
      },
    });
  }
}

function cronOf({ time, weekDays }: FetchTime): string {
  const [hour, minute] = time.split(':').map(Number);
  return `cron(${minute} ${hour} ? * ${weekDays} *)`;
}
