import { CfnDeletionPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { TaskSize } from '../settings.ts';
import type { Deployment } from './deployment.ts';

export type Environment = Readonly<Record<string, string>>;

/** What all tasks are told; never a secret. */
export function commonEnvironment({ scope }: Deployment, busName: string): Environment {
  return {
    FIBBARS_CLOUD: 'aws',
    AWS_REGION: Stack.of(scope).region,
    FIBBARS_BUS: busName,
    LOG_LEVEL: 'info',
  };
}

export type Log = { readonly name: string; readonly arn: string };

export function addLog(scope: Construct, { settings }: Deployment, program: string, id = 'Log'): Log {
  const group = new logs.CfnLogGroup(scope, id, {
    logGroupName: `/fibonacci-bars/${program}`,
    retentionInDays: settings.retention.logDays,
  });
  group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  return { name: group.ref, arn: group.attrArn };
}

/** The driver that all containers log with. */
export function logConfiguration(here: Construct, log: Log, program: string) {
  return {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': log.name,
      'awslogs-region': Stack.of(here).region,
      'awslogs-stream-prefix': program,
    },
  };
}

export function nameValues(environment: Environment): { name: string; value: string }[] {
  return Object.entries(environment).map(([name, value]) => ({ name, value }));
}

export function secretsOf(secrets: Environment): { name: string; valueFrom: string }[] {
  return Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom }));
}

/** Of a parameter in the Parameter Store. */
export function parameterArn(here: Construct, name: string): string {
  return Stack.of(here).formatArn({
    service: 'ssm',
    resource: 'parameter',
    resourceName: name.replace(/^\//, ''),
  });
}

export type TaskOptions = {
  /** Names the family and the container, and begins the names of log streams. */
  readonly program: string;
  readonly command: readonly string[];
  readonly size: TaskSize;
  readonly environment: Environment;
  /** By variable: the ARN that ECS reads it from. */
  readonly secrets?: Environment;
  /** May write to its file system; none does by default. */
  readonly writable?: boolean;
  /** Has a `/tmp` to write to, of the 20 GB that a task of Fargate has. */
  readonly scratch?: boolean;
  readonly log: Log;
  readonly executionRole: IRole;
  readonly taskRole: IRole;
};

/** A task of one container on Fargate. */
export function addTaskDefinition(
  scope: Construct,
  { settings, image }: Deployment,
  options: TaskOptions,
): ecs.CfnTaskDefinition {
  const {
    program,
    command,
    size,
    environment,
    secrets = {},
    writable = false,
    scratch = false,
    log,
  } = options;
  const definition = new ecs.CfnTaskDefinition(scope, 'Task', {
    family: `fibonacci-bars-${program}`,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: String(1_024 * size.vcpu),
    memory: String(size.memoryMiB),
    runtimePlatform: { cpuArchitecture: settings.architecture, operatingSystemFamily: 'LINUX' },
    executionRoleArn: options.executionRole.roleArn,
    taskRoleArn: options.taskRole.roleArn,
    // The Dockerfile names it as a volume, so that it keeps the permissions that it has in the image: else it is root's alone.
    ...(scratch && { volumes: [{ name: 'scratch' }] }),
    containerDefinitions: [
      {
        name: program,
        image: image.uri,
        command: [...command],
        essential: true,
        readonlyRootFilesystem: !writable,
        ...(scratch && {
          mountPoints: [{ sourceVolume: 'scratch', containerPath: '/tmp', readOnly: false }],
        }),
        environment: nameValues(environment),
        secrets: secretsOf(secrets),
        logConfiguration: logConfiguration(scope, log, program),
      },
    ],
  });
  Validations.of(definition).acknowledge({
    id: 'AwsSolutions-ECS2',
    reason: 'Names and addresses; what is secret comes from Secrets Manager or the Parameter Store.',
  });
  return definition;
}
