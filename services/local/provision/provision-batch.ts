import { isDeepStrictEqual } from 'node:util';
import {
  type BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  RegisterJobDefinitionCommand,
  type RegisterJobDefinitionCommandInput,
} from '@aws-sdk/client-batch';
import type { JobDefinition, Topology } from '../../../infra/topology.ts';
import type { Surroundings } from './surroundings.ts';

export type ProvisionedBatch = { readonly jobQueueArn: string };

const image = 'fibonacci-bars:local';

const patienceMs = 60_000;
const pollMs = 250;

/** Creates the compute environment, the job queue and the job definitions, and waits until they can be used. */
export async function provisionBatch(
  { batch }: { batch: BatchClient },
  topology: Topology,
  surroundings: Surroundings,
): Promise<ProvisionedBatch> {
  const { role, subnets, securityGroupIds } = surroundings;
  const { computeEnvironment, jobQueue, resample, fetch } = topology.batch;
  const environmentNow = async () => {
    const answer = await batch.send(
      new DescribeComputeEnvironmentsCommand({ computeEnvironments: [computeEnvironment.name] }),
    );
    return answer.computeEnvironments?.[0];
  };
  const queueNow = async () => {
    const answer = await batch.send(new DescribeJobQueuesCommand({ jobQueues: [jobQueue.name] }));
    return answer.jobQueues?.[0];
  };

  if (!(await environmentNow())) {
    await batch.send(
      new CreateComputeEnvironmentCommand({
        computeEnvironmentName: computeEnvironment.name,
        type: 'MANAGED',
        state: 'ENABLED',
        computeResources: {
          type: 'FARGATE_SPOT',
          maxvCpus: computeEnvironment.maxVcpus,
          subnets: [...subnets],
          securityGroupIds: [...securityGroupIds],
        },
        serviceRole: role,
      }),
    );
  }
  const environment = await untilValid(computeEnvironment.name, environmentNow);
  if (!(await queueNow())) {
    await batch.send(
      new CreateJobQueueCommand({
        jobQueueName: jobQueue.name,
        state: 'ENABLED',
        priority: jobQueue.priority,
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.computeEnvironmentArn ?? '' }],
        jobStateTimeLimitActions: jobQueue.stateTimeLimits.map((limit) => ({
          ...limit,
          state: 'RUNNABLE',
          action: 'CANCEL',
        })),
      }),
    );
  }
  const queue = await untilValid(jobQueue.name, queueNow);
  await ensureJobDefinition(batch, resample, role);
  await ensureJobDefinition(batch, fetch, role);
  return { jobQueueArn: queue.jobQueueArn ?? '' };
}

async function ensureJobDefinition(
  batch: BatchClient,
  definition: JobDefinition,
  role: string,
): Promise<void> {
  const wanted = jobDefinitionInput(definition, role);
  const { jobDefinitions = [] } = await batch.send(
    new DescribeJobDefinitionsCommand({ jobDefinitionName: definition.name, status: 'ACTIVE' }),
  );
  const newest = jobDefinitions.toSorted((a, b) => (b.revision ?? 0) - (a.revision ?? 0))[0];
  const isSame =
    newest &&
    isDeepStrictEqual(newest.containerProperties?.command, wanted.containerProperties?.command) &&
    isDeepStrictEqual(
      newest.containerProperties?.resourceRequirements,
      wanted.containerProperties?.resourceRequirements,
    ) &&
    isDeepStrictEqual(newest.retryStrategy, wanted.retryStrategy) &&
    isDeepStrictEqual(newest.timeout, wanted.timeout);
  if (!isSame) await batch.send(new RegisterJobDefinitionCommand(wanted));
}

function jobDefinitionInput(definition: JobDefinition, role: string): RegisterJobDefinitionCommandInput {
  return {
    jobDefinitionName: definition.name,
    type: 'container',
    platformCapabilities: ['FARGATE'],
    containerProperties: {
      image,
      command: [...definition.command],
      executionRoleArn: role,
      jobRoleArn: role,
      resourceRequirements: [
        { type: 'VCPU', value: String(definition.vcpu) },
        { type: 'MEMORY', value: String(definition.memoryMiB) },
      ],
      networkConfiguration: { assignPublicIp: 'ENABLED' },
    },
    retryStrategy: {
      attempts: definition.attempts,
      evaluateOnExit: definition.evaluateOnExit.map((rule) => ({ ...rule })),
    },
    timeout: { attemptDurationSeconds: definition.timeoutSeconds },
  };
}

async function untilValid<T extends { status?: string | undefined; statusReason?: string | undefined }>(
  name: string,
  describe: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await describe();
    if (found?.status === 'VALID') return found;
    if (found?.status === 'INVALID' || Date.now() > deadline) {
      throw new Error(
        `Batch's ${name} is ${found?.status ?? 'not there'}${found?.statusReason ? `: ${found.statusReason}` : ''}, not VALID`,
      );
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pollMs);
    });
  }
}
