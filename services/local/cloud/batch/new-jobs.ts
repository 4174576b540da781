import { randomUUID } from 'node:crypto';
import { type Account, arn } from '../account.ts';
import type { BatchResources } from './batch-resources.ts';
import {
  type ContainerProperties,
  clientError,
  type Input,
  type Job,
  type KeyValue,
  textOf,
} from './batch-types.ts';
import { checkRetryStrategy } from './retry-strategy.ts';

const unsupported = [
  'dependsOn',
  'nodeOverrides',
  'eksPropertiesOverride',
  'ecsPropertiesOverride',
  'shareIdentifier',
  'consumableResourcePropertiesOverride',
];

export type NewJobsDeps = { readonly account: Account; readonly resources: BatchResources };

/**
 * What a SubmitJob request asks for: one job, or the parent of an array followed by its children.
 * @throws {AwsError} ClientException.
 */
export function newJobs({ account, resources }: NewJobsDeps, input: Input): [Job, ...Job[]] {
  const found = unsupported.find((member) => {
    const value = input[member];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
  if (found) throw clientError(`The local cloud does not implement ${found} of SubmitJob`);
  const jobName = textOf(input, 'jobName');
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(jobName)) {
    throw clientError(`Error executing request, Exception : Job name should match valid pattern: ${jobName}`);
  }
  const queue = resources.jobQueue(textOf(input, 'jobQueue'));
  const definition = resources.jobDefinition(textOf(input, 'jobDefinition'));
  const container = definition.containerProperties;
  const overrides = (input['containerOverrides'] ?? {}) as ContainerProperties;
  const parameters = {
    ...definition.parameters,
    ...(input['parameters'] as Record<string, string> | undefined),
  };
  const timeoutSeconds =
    (input['timeout'] as { attemptDurationSeconds?: number } | undefined)?.attemptDurationSeconds ??
    definition.timeout?.attemptDurationSeconds;
  if (timeoutSeconds !== undefined && timeoutSeconds < 60) {
    throw clientError(
      `Error executing request, Exception : attemptDurationSeconds must be 60 or more, not ${timeoutSeconds}`,
    );
  }
  const jobId = randomUUID();
  const job: Job = {
    jobId,
    jobName,
    jobArn: arn(account, 'batch', `job/${jobId}`),
    jobQueue: queue.jobQueueArn,
    jobDefinition: definition.jobDefinitionArn,
    status: 'SUBMITTED',
    createdAt: Date.now(),
    parameters,
    command: withParameters(overrides.command ?? container.command ?? [], parameters),
    image: container.image ?? '',
    environment: merged(container.environment, overrides.environment),
    resourceRequirements: overrides.resourceRequirements ?? container.resourceRequirements ?? [],
    retryStrategy: input['retryStrategy']
      ? checkRetryStrategy(input['retryStrategy'])
      : definition.retryStrategy,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    attempts: [],
    interruptions: 0,
  };
  const size = (input['arrayProperties'] as { size?: number } | undefined)?.size;
  if (size === undefined) return [job];
  if (!Number.isInteger(size) || size < 2 || size > 10_000) {
    throw clientError(
      `Error executing request, Exception : Array size must be between 2 and 10,000, not ${size}`,
    );
  }
  const children = Array.from({ length: size }, (_, index) => ({
    ...job,
    jobId: `${jobId}:${index}`,
    jobArn: `${job.jobArn}:${index}`,
    array: { index, parent: jobId },
  }));
  return [{ ...job, array: { size } }, ...children];
}

/** `Ref::name` stands for a parameter; one that was not given stays as it is. */
function withParameters(command: readonly string[], parameters: Record<string, string>): string[] {
  return command.map((word) => {
    const name = word.startsWith('Ref::') ? word.slice('Ref::'.length) : '';
    return (Object.hasOwn(parameters, name) ? parameters[name] : undefined) ?? word;
  });
}

function merged(base: KeyValue[] = [], overrides: KeyValue[] = []): KeyValue[] {
  const byName = new Map([...base, ...overrides].map((each) => [each.name, each.value]));
  return [...byName].map(([name, value]) => ({ name, value }));
}
