import * as batch from 'aws-cdk-lib/aws-batch';
import { Construct } from 'constructs';
import { taskPrice } from '../cost/task-price.ts';
import type { Settings, TaskSize } from '../settings.ts';
import { type JobDefinition, topology } from '../topology.ts';
import type { Database } from './database.ts';
import type { Deployment } from './deployment.ts';
import type { Events } from './events.ts';
import type { Network } from './network.ts';
import { addExecutionRole, addRole, type Permission } from './roles.ts';
import {
  addLog,
  commonEnvironment,
  type Environment,
  logConfiguration,
  nameValues,
  parameterArn,
  secretsOf,
} from './tasks.ts';

export type Jobs = {
  readonly jobQueueArn: string;
  /** With its revision. */
  readonly resampleArn: string;
  readonly fetchArn: string;
  /** Of the parameter that holds the provider's key. */
  readonly keyArn: string;
  /** To be made after the database is of their version. */
  readonly definitions: readonly batch.CfnJobDefinition[];
};

type JobsDeps = { readonly network: Network; readonly database: Database; readonly bus: Events };

/** Batch on Fargate Spot: the compute environment, the queue, and the jobs of the topology. */
export function addJobs(deployment: Deployment, { network, database, bus }: JobsDeps): Jobs {
  const { scope, settings } = deployment;
  const here = new Construct(scope, 'Jobs');
  const { computeEnvironment, jobQueue } = topology.batch;
  const environment = new batch.CfnComputeEnvironment(here, 'ComputeEnvironment', {
    computeEnvironmentName: computeEnvironment.name,
    type: 'MANAGED',
    state: 'ENABLED',
    // A named one cannot be replaced, as the default has it: it is changed in place.
    replaceComputeEnvironment: false,
    computeResources: {
      type: 'FARGATE_SPOT',
      maxvCpus: settings.sizes.maxVcpus,
      subnets: network.taskSubnetIds,
      securityGroupIds: [network.tasks.securityGroupId],
    },
  });
  const queue = new batch.CfnJobQueue(here, 'Queue', {
    jobQueueName: jobQueue.name,
    state: 'ENABLED',
    priority: jobQueue.priority,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.ref }],
    jobStateTimeLimitActions: jobQueue.stateTimeLimits.map((limit) => ({
      ...limit,
      state: 'RUNNABLE',
      action: 'CANCEL',
    })),
  });
  const putEvents = { actions: ['events:PutEvents'], resources: [bus.busArn] };
  const keyArn = parameterArn(here, settings.massive.keyParameter);
  const resample = addJob(deployment, new Construct(here, 'Resample'), {
    definition: topology.batch.resample,
    size: settings.sizes.resample,
    environment: {
      ...commonEnvironment(deployment, bus.busName),
      DATABASE_URL: database.urlOf('resampler'),
    },
    permissions: [
      putEvents,
      { actions: ['rds-db:connect'], resources: [database.connectArnOf('resampler')] },
    ],
  });
  const fetch = addJob(deployment, new Construct(here, 'Fetch'), {
    definition: topology.batch.fetch,
    size: settings.sizes.fetch,
    environment: {
      ...commonEnvironment(deployment, bus.busName),
      DATABASE_URL: database.urlOf('fetcher'),
      FIBONACCI_LOOKBACK_DAYS: String(settings.lookbackDays),
      MASSIVE_CALLS_PER_MINUTE: String(settings.massive.callsPerMinute),
      ...(settings.symbols !== null && { FIBBARS_SYMBOLS: settings.symbols.join(',') }),
    },
    secrets: { MASSIVE_API_KEY: keyArn },
    permissions: [putEvents, { actions: ['rds-db:connect'], resources: [database.connectArnOf('fetcher')] }],
    executionPermissions: [{ actions: ['ssm:GetParameters'], resources: [keyArn] }],
  });
  return {
    jobQueueArn: queue.ref,
    resampleArn: resample.ref,
    fetchArn: fetch.ref,
    keyArn,
    definitions: [resample, fetch],
  };
}

/** As services/shared/task-price.ts reads it. */
function priceOf(size: TaskSize, architecture: Settings['architecture']): string {
  const { spotHour, onDemandHour } = taskPrice(size, architecture);
  return `${spotHour.toFixed(6)},${onDemandHour.toFixed(6)}`;
}

type JobOptions = {
  readonly definition: JobDefinition;
  readonly size: TaskSize;
  readonly environment: Environment;
  readonly secrets?: Environment;
  readonly permissions: readonly Permission[];
  readonly executionPermissions?: readonly Permission[];
};

function addJob(deployment: Deployment, here: Construct, options: JobOptions): batch.CfnJobDefinition {
  const { settings, image } = deployment;
  const { definition, size, environment, secrets = {}, permissions, executionPermissions = [] } = options;
  const program = definition.command[0] ?? '';
  const log = addLog(here, deployment, program);
  const executionRole = addExecutionRole(here, 'ExecutionRole', {
    image,
    log,
    permissions: executionPermissions,
  });
  const jobRole = addRole(here, 'Role', { service: 'ecs-tasks.amazonaws.com', permissions });
  return new batch.CfnJobDefinition(here, 'Definition', {
    jobDefinitionName: definition.name,
    type: 'container',
    platformCapabilities: ['FARGATE'],
    propagateTags: true,
    containerProperties: {
      image: image.uri,
      command: [...definition.command],
      executionRoleArn: executionRole.roleArn,
      jobRoleArn: jobRole.roleArn,
      resourceRequirements: [
        { type: 'VCPU', value: String(size.vcpu) },
        { type: 'MEMORY', value: String(size.memoryMiB) },
      ],
      runtimePlatform: { cpuArchitecture: settings.architecture, operatingSystemFamily: 'LINUX' },
      networkConfiguration: { assignPublicIp: 'ENABLED' },
      readonlyRootFilesystem: true,
      environment: nameValues({
        ...environment,
        FIBBARS_TASK_USD_HOUR: priceOf(size, settings.architecture),
      }),
      secrets: secretsOf(secrets),
      logConfiguration: logConfiguration(here, log, program),
    },
    retryStrategy: {
      attempts: definition.attempts,
      evaluateOnExit: definition.evaluateOnExit.map((rule) => ({ ...rule })),
    },
    timeout: { attemptDurationSeconds: definition.timeoutSeconds },
  });
}
