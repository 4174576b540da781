import { runServices } from '../../local/pipeline/run-services.ts';
import type { Pipeline } from '../../local/pipeline/start-pipeline.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import type { Logger } from '../../shared/logger.ts';
import { formatBar } from '../../subscriber/format-bar.ts';
import { type DashboardChoice, startDashboardBeside } from '../dashboard-beside.ts';
import type { Output } from '../output.ts';

export type UpDeps = {
  readonly pipeline: Pipeline;
  readonly output: Output;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** undefined: without. */
  readonly dashboard: DashboardChoice | undefined;
};

/** Runs the pipeline until the signal aborts, shows it, and prints what the example subscriber hears. */
export async function up({ pipeline, output, logger, signal, dashboard: choice }: UpDeps): Promise<number> {
  const services = await runServices(pipeline, {
    logger,
    print: (bar, days) => output.say(formatBar(bar, days)),
  });
  const dashboard = choice && (await startDashboardBeside(pipeline, choice, logger));
  const variables = {
    DATABASE_URL: pipeline.databaseUrl,
    AWS_ENDPOINT_URL: pipeline.cloud.endpoint,
    FIBBARS_BUS: pipeline.names.busName,
    FIBBARS_QUEUE_URL: pipeline.names.queueUrl,
    FIBBARS_SUBSCRIBER_QUEUE_URL: pipeline.names.subscriberQueueUrl,
    FIBBARS_JOB_QUEUE: pipeline.names.jobQueue,
    FIBBARS_JOB_DEFINITION: pipeline.names.jobDefinition,
  };
  output.document({
    state: 'up',
    postgres: pipeline.databaseVersion,
    variables,
    dashboard: dashboard?.url ?? null,
  });
  output.say(
    `The pipeline is up: PostgreSQL ${pipeline.databaseVersion}, local cloud on ${pipeline.cloud.endpoint}. Ctrl-C stops it.`,
  );
  if (dashboard) output.say(`Dashboard: ${dashboard.url}`);
  output.say('Other `fibbars` commands on this data folder use it. For programs of your own:');
  for (const [name, value] of Object.entries(variables)) output.say(`  export ${name}=${value}`);
  output.say();
  const stopped = new Promise<'stopped'>((resolve) => {
    if (signal.aborted) resolve('stopped');
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  const why = await Promise.race([stopped, pipeline.databaseDied.then(() => 'database' as const)]);
  if (why === 'database') {
    process.stderr.write(
      'fibbars: PostgreSQL ended although nobody stopped it; what was committed is there: start again\n',
    );
  }
  output.say('Stopping …');
  await dashboard?.close();
  await services.stop();
  return why === 'stopped' ? exitCodes.done : exitCodes.failed;
}
