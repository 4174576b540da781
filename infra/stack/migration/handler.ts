/** The Lambda function behind the custom resource: it starts the migration's task and tells CloudFormation how it ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { ECS } from '@aws-sdk/client-ecs';
import { type Aws, type CustomResourceEvent, runMigration } from './run-migration.ts';

/** Kept of the function's time for stopping the task and answering. */
const reserveMs = 45_000;

export async function handler(
  event: CustomResourceEvent,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  const patienceMs = context.getRemainingTimeInMillis() - reserveMs;
  const reason = await runMigration(aws(), event, patienceMs).catch((error: unknown) => String(error));
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId } = event;
  const answer = {
    Status: reason === undefined ? 'SUCCESS' : 'FAILED',
    Reason: reason,
    PhysicalResourceId: PhysicalResourceId ?? LogicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
  };
  // The address is signed for an empty content type.
  const response = await fetch(event.ResponseURL, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body: JSON.stringify(answer),
  });
  if (!response.ok) throw new Error(`CloudFormation took no answer: ${response.status}`);
}

function aws(): Aws {
  const [cloudFormation, ecs, logs] = [new CloudFormation(), new ECS(), new CloudWatchLogs()];
  return {
    async stackStatus(stackId) {
      const { Stacks } = await cloudFormation.describeStacks({ StackName: stackId });
      return Stacks?.[0]?.StackStatus ?? '';
    },
    async runTask(task, token) {
      const { tasks, failures } = await ecs.runTask({
        cluster: task.Cluster,
        taskDefinition: task.TaskDefinition,
        // Not on Spot: an interruption would fail the deployment.
        launchType: 'FARGATE',
        clientToken: token,
        networkConfiguration: {
          awsvpcConfiguration: {
            assignPublicIp: 'ENABLED',
            subnets: [...task.Subnets],
            securityGroups: [task.SecurityGroup],
          },
        },
      });
      const taskArn = tasks?.[0]?.taskArn;
      if (!taskArn) throw new Error(`ECS started no task: ${JSON.stringify(failures)}`);
      return taskArn;
    },
    async endOf(task, taskArn) {
      const { tasks } = await ecs.describeTasks({ cluster: task.Cluster, tasks: [taskArn] });
      const found = tasks?.[0];
      if (found?.lastStatus !== 'STOPPED') return undefined;
      return { exitCode: found.containers?.[0]?.exitCode, reason: found.stoppedReason };
    },
    async stopTask(task, taskArn, reason) {
      await ecs.stopTask({ cluster: task.Cluster, task: taskArn, reason });
    },
    async lastLogLines(logGroupName, logStreamName) {
      const { events } = await logs.getLogEvents({ logGroupName, logStreamName, limit: 20 });
      return (events ?? []).map(({ message }) => message ?? '');
    },
    sleep: (ms) => sleep(ms),
  };
}
