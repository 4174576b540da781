import { type Account, arn, nameOf } from '../account.ts';
import { openResourceStore } from '../resource-store.ts';
import type { StateDatabase } from '../state-database.ts';
import {
  type ComputeEnvironment,
  clientError,
  type Input,
  type JobDefinition,
  type JobQueue,
  textOf,
} from './batch-types.ts';
import { checkRetryStrategy } from './retry-strategy.ts';

export type BatchResources = {
  readonly operations: Record<string, (input: Input) => object>;
  /** @throws {AwsError} ClientException if there is none. */
  jobQueue(nameOrArn: string): JobQueue;
  /** By name (the newest active revision), `name:revision` or ARN. @throws {AwsError} ClientException if there is none. */
  jobDefinition(nameOrArn: string): JobDefinition;
};

/** Compute environments, job queues and job definitions. They are VALID at once. */
export function openBatchResources(account: Account, database: StateDatabase): BatchResources {
  const environments = openResourceStore<ComputeEnvironment>(database, 'compute-environment');
  const queues = openResourceStore<JobQueue>(database, 'job-queue');
  const definitions = openResourceStore<JobDefinition>(database, 'job-definition');
  const valid = { status: 'VALID', statusReason: 'Healthy' };

  const environment = (nameOrArn: string): ComputeEnvironment =>
    environments.get(nameOf(nameOrArn)) ?? missing(`compute environment ${nameOrArn} does not exist`);
  const jobQueue = (nameOrArn: string): JobQueue =>
    queues.get(nameOf(nameOrArn)) ?? missing(`JobQueue ${nameOrArn} not found`);

  function named(found: JobDefinition[], nameOrArn: string): JobDefinition[] {
    const key = nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
    return found.filter((each) => [each.jobDefinitionName, keyOf(each)].includes(key));
  }

  function jobDefinition(nameOrArn: string): JobDefinition {
    const active = definitions.all().filter((each) => each.status === 'ACTIVE');
    return (
      named(active, nameOrArn).toSorted((a, b) => b.revision - a.revision)[0] ??
      missing(`JobDefinition ${nameOrArn} not found or not active`)
    );
  }

  return {
    jobQueue,
    jobDefinition,
    operations: {
      createcomputeenvironment(input) {
        const name = textOf(input, 'computeEnvironmentName');
        if (environments.get(name)) throw clientError(`Object already exists: ${name}`);
        const computeEnvironmentArn = arn(account, 'batch', `compute-environment/${name}`);
        environments.put(name, {
          state: 'ENABLED',
          ...input,
          ...valid,
          computeEnvironmentName: name,
          computeEnvironmentArn,
          type: String(input['type']).toUpperCase(),
        });
        return { computeEnvironmentName: name, computeEnvironmentArn };
      },
      updatecomputeenvironment(input) {
        const found = environment(textOf(input, 'computeEnvironment'));
        const { computeEnvironment: _, computeResources, ...changes } = input;
        const merged = { ...(found['computeResources'] as object), ...(computeResources as object) };
        environments.put(found.computeEnvironmentName, { ...found, ...changes, computeResources: merged });
        return found;
      },
      describecomputeenvironments: (input) => ({
        computeEnvironments: chosen(
          environments.all(),
          input['computeEnvironments'],
          (each) => each.computeEnvironmentName,
        ),
      }),
      createjobqueue(input) {
        const name = textOf(input, 'jobQueueName');
        if (queues.get(name)) throw clientError(`Object already exists: ${name}`);
        for (const each of (input['computeEnvironmentOrder'] ?? []) as { computeEnvironment: string }[]) {
          environment(each.computeEnvironment);
        }
        const jobQueueArn = arn(account, 'batch', `job-queue/${name}`);
        queues.put(name, { state: 'ENABLED', ...input, ...valid, jobQueueName: name, jobQueueArn });
        return { jobQueueName: name, jobQueueArn };
      },
      updatejobqueue(input) {
        const found = jobQueue(textOf(input, 'jobQueue'));
        const { jobQueue: _, ...changes } = input;
        queues.put(found.jobQueueName, { ...found, ...changes });
        return found;
      },
      describejobqueues: (input) => ({
        jobQueues: chosen(queues.all(), input['jobQueues'], (each) => each.jobQueueName),
      }),
      registerjobdefinition(input) {
        const name = textOf(input, 'jobDefinitionName');
        if (String(input['type']).toLowerCase() !== 'container' || !input['containerProperties']) {
          throw clientError(
            `The local cloud runs job definitions of type container only, not ${String(input['type'])}`,
          );
        }
        const revision = definitions.all().filter((each) => each.jobDefinitionName === name).length + 1;
        const definition = {
          ...input,
          jobDefinitionName: name,
          jobDefinitionArn: arn(account, 'batch', `job-definition/${name}:${revision}`),
          revision,
          status: 'ACTIVE',
          parameters: input['parameters'] ?? {},
          retryStrategy: checkRetryStrategy(input['retryStrategy']),
        } as JobDefinition;
        definitions.put(keyOf(definition), definition);
        return { jobDefinitionName: name, jobDefinitionArn: definition.jobDefinitionArn, revision };
      },
      deregisterjobdefinition(input) {
        const found = jobDefinition(textOf(input, 'jobDefinition'));
        definitions.put(keyOf(found), { ...found, status: 'INACTIVE' });
        return {};
      },
      describejobdefinitions(input) {
        const asked = input['jobDefinitions'] as string[] | undefined;
        const found = asked ? asked.flatMap((each) => named(definitions.all(), each)) : definitions.all();
        return {
          jobDefinitions: found
            .filter(
              (each) => !input['jobDefinitionName'] || each.jobDefinitionName === input['jobDefinitionName'],
            )
            .filter((each) => !input['status'] || each.status === input['status']),
        };
      },
    },
  };
}

function keyOf(definition: JobDefinition): string {
  return `${definition.jobDefinitionName}:${definition.revision}`;
}

function chosen<T>(all: T[], asked: unknown, name: (each: T) => string): T[] {
  if (!Array.isArray(asked) || asked.length === 0) return all;
  const names = new Set(asked.map((each) => nameOf(String(each))));
  return all.filter((each) => names.has(name(each)));
}

function missing(what: string): never {
  throw clientError(`Error executing request, Exception : ${what}`);
}
