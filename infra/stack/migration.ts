import { fileURLToPath } from 'node:url';
import { Aws, CustomResource } from 'aws-cdk-lib';
import type { CfnCluster } from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import type { Database } from './database.ts';
import type { Deployment } from './deployment.ts';
import type { MigrationTask } from './migration/run-migration.ts';
import type { Network } from './network.ts';
import { addExecutionRole, addRole, anyTask } from './roles.ts';
import { addLog, addTaskDefinition } from './tasks.ts';

export type MigrationDeps = {
  readonly network: Network;
  readonly database: Database;
  readonly cluster: CfnCluster;
};

const program = 'migration';
/** The longest that a Lambda function may take. */
const timeoutSeconds = 900;

/**
 * Brings the database to the version of the image, and its roles with it, in the middle of a deployment, which fails if this does.
 * The task reaches the database from a public subnet; the function that starts and awaits it is outside the network.
 */
export function addMigration(deployment: Deployment, deps: MigrationDeps): CustomResource {
  const { scope, settings, image } = deployment;
  const { network, database, cluster } = deps;
  const here = new Construct(scope, 'Migration');
  const log = addLog(here, deployment, program);
  const executionRole = addExecutionRole(here, 'ExecutionRole', {
    image,
    log,
    permissions: [{ actions: ['secretsmanager:GetSecretValue'], resources: [database.masterSecretArn] }],
  });
  const taskRole = addRole(here, 'TaskRole', { service: 'ecs-tasks.amazonaws.com', permissions: [] });
  const task = addTaskDefinition(here, deployment, {
    program,
    command: ['fibbars', 'migrate', '--roles', '--intervals', settings.intervals.join(','), '--json'],
    size: { vcpu: 0.25, memoryMiB: 512 },
    environment: { DATABASE_URL: database.masterUrl, LOG_LEVEL: 'info' },
    secrets: { PGPASSWORD: `${database.masterSecretArn}:password::` },
    log,
    executionRole,
    taskRole,
  });
  const ownLog = addLog(here, deployment, `${program}-starter`, 'StarterLog');
  const tasks = anyTask(here);
  const role = addRole(here, 'StarterRole', {
    service: 'lambda.amazonaws.com',
    permissions: [
      { actions: ['ecs:RunTask'], resources: [task.ref] },
      { actions: ['ecs:DescribeTasks', 'ecs:StopTask'], resources: [tasks.arn] },
      { actions: ['iam:PassRole'], resources: [executionRole.roleArn, taskRole.roleArn] },
      { actions: ['cloudformation:DescribeStacks'], resources: [Aws.STACK_ID] },
      { actions: ['logs:GetLogEvents'], resources: [log.arn] },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [ownLog.arn] },
    ],
    wildcards: tasks.wildcards,
  });
  const starter = new lambda.CfnFunction(here, 'Starter', {
    description: 'Starts the migration and tells CloudFormation how it ended',
    runtime: 'nodejs24.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    code: { zipFile: handlerCode() },
    role: role.roleArn,
    timeout: timeoutSeconds,
    memorySize: 256,
    loggingConfig: { logGroup: ownLog.name },
  });
  const properties: MigrationTask = {
    Cluster: cluster.ref,
    // With its revision, which each change of image or settings raises: then it runs again.
    TaskDefinition: task.ref,
    Subnets: network.taskSubnetIds,
    SecurityGroup: network.tasks.securityGroupId,
    LogGroup: log.name,
    Container: program,
  };
  const run = new CustomResource(here, 'Run', { serviceToken: starter.attrArn, properties });
  run.node.addDependency(database.instance, network.vpc);
  return run;
}

/** Small enough to stand in the template, so that no bucket is needed for it. */
function handlerCode(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./migration/handler.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['@aws-sdk/*'],
  });
  return outputFiles[0]?.text ?? '';
}
