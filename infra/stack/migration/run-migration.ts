/** What CloudFormation sends to a custom resource, as far as it is used. */
export type CustomResourceEvent = {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: MigrationTask;
};

export type MigrationTask = {
  readonly Cluster: string;
  readonly TaskDefinition: string;
  readonly Subnets: readonly string[];
  readonly SecurityGroup: string;
  readonly LogGroup: string;
  /** Of the container; it begins the names of log streams too. */
  readonly Container: string;
};

export type EndedTask = { readonly exitCode: number | undefined; readonly reason: string | undefined };

/** The calls of AWS that it takes. */
export type Aws = {
  stackStatus(stackId: string): Promise<string>;
  /** Returns the task's ARN; the same token does not start a second one. */
  runTask(task: MigrationTask, token: string): Promise<string>;
  /** undefined: it runs. */
  endOf(task: MigrationTask, taskArn: string): Promise<EndedTask | undefined>;
  stopTask(task: MigrationTask, taskArn: string, reason: string): Promise<void>;
  lastLogLines(logGroup: string, logStream: string): Promise<string[]>;
  sleep(ms: number): Promise<void>;
};

const pollMs = 5_000;
/** CloudFormation takes 4 KB with all that belongs to an answer. */
const longestReason = 3_000;

/**
 * Runs the migration as a task and waits for its end, `patienceMs` at most.
 * Returns undefined when the database is of this version, or why it is not.
 */
export async function runMigration(
  aws: Aws,
  event: CustomResourceEvent,
  patienceMs: number,
): Promise<string | undefined> {
  if (event.RequestType === 'Delete') return undefined;
  // The old program would refuse the newer tables, and migrations go forward only.
  if ((await aws.stackStatus(event.StackId)).includes('ROLLBACK')) return undefined;
  const task = event.ResourceProperties;
  const taskArn = await aws.runTask(task, event.RequestId);
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    const end = await aws.endOf(task, taskArn);
    if (end?.exitCode === 0) return undefined;
    if (end) return await whyFailed(aws, task, taskArn, end);
    await aws.sleep(pollMs);
  }
  await aws.stopTask(task, taskArn, 'The deployment waits no longer');
  return `The migration took more than ${Math.round(patienceMs / 60_000)} minutes and was stopped: what it had not finished is rolled back. Run the task ${task.TaskDefinition} by hand to its end, and deploy again`;
}

async function whyFailed(aws: Aws, task: MigrationTask, taskArn: string, end: EndedTask): Promise<string> {
  const taskId = taskArn.split('/').at(-1) ?? '';
  const lines = await aws
    .lastLogLines(task.LogGroup, `${task.Container}/${task.Container}/${taskId}`)
    .catch((error: unknown) => [`its log cannot be read: ${String(error)}`]);
  const how = end.exitCode === undefined ? 'did not run' : `ended with exit code ${end.exitCode}`;
  const reason = [`The migration ${how}`, end.reason, ...lines].filter(Boolean).join('; ');
  return reason.slice(0, longestReason);
}
