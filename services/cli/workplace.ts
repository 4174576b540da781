import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { topology } from '../../infra/topology.ts';
import { assertSchemaVersion } from '../../sql/schema-version.ts';
import { dispatchPending } from '../dispatcher/dispatch.ts';
import { defaultJobSize } from '../dispatcher/job-size.ts';
import { drain } from '../local/pipeline/drain.ts';
import { connect, NoDataError } from '../local/pipeline/local-database.ts';
import { runServices } from '../local/pipeline/run-services.ts';
import { startPipeline } from '../local/pipeline/start-pipeline.ts';
import { readRuntime } from '../local/runtime-file.ts';
import { type AwsClients, createAwsClients } from '../shared/aws-clients.ts';
import type { AwsConfig } from '../shared/aws-config.ts';
import type { Database } from '../shared/database.ts';
import { DatabaseUnreachableError, withoutPassword } from '../shared/database-errors.ts';
import { UsageError } from '../shared/exit-code.ts';
import type { Logger } from '../shared/logger.ts';
import { publishOutbox } from '../shared/publish-outbox.ts';
import { awaitPipeline, PipelineStoppedError } from './await-pipeline.ts';
import type { Output } from './output.ts';
import { withPendingProgress } from './pending-progress.ts';
import type { Settings } from './settings.ts';

export type WorkplaceDeps = {
  readonly settings: Settings;
  readonly output: Output;
  readonly logger: Logger;
  readonly signal: AbortSignal;
};

/** The pipeline that a command changes something in. */
export type Workplace = {
  readonly db: Database;
  readonly aws: AwsClients;
  /** Name of the event bus. */
  readonly busName: string;
  /** It runs in this process and ends with it; otherwise somebody else runs it. */
  readonly own: boolean;
  /** Sends what the outbox holds to the bus. */
  publish(): Promise<unknown>;
  /** Submits a job for what is pending that no job covers. */
  dispatch(): Promise<unknown>;
  /** Publishes, and waits until nothing is pending. @throws {NotDrainedError} if jobs keep failing. */
  settle(): Promise<void>;
};

/**
 * Works where the settings lead: in a pipeline that runs elsewhere, AWS or `fibbars up`; or, on this machine, in a pipeline
 * of its own, for as long as the work takes.
 * @throws {NoDataError} if the command needs data and there is none to work on.
 */
export async function atWorkplace<T>(
  deps: WorkplaceDeps,
  { command, needsData = false }: { command: string; needsData?: boolean },
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  const elsewhere = await findElsewhere(deps.settings);
  if (elsewhere) return await workElsewhere(deps, command, elsewhere, work);
  const { databaseUrl, dataFolder } = deps.settings;
  if (needsData && databaseUrl === undefined && !existsSync(join(dataFolder, 'postgres'))) {
    throw new NoDataError(dataFolder);
  }
  return await workHere(deps, command, work);
}

type Elsewhere = {
  readonly databaseUrl: string;
  readonly aws: AwsConfig;
  readonly bus: string;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  /** Whether it is still there. */
  readonly runs: () => Promise<boolean>;
};

async function findElsewhere(settings: Settings): Promise<Elsewhere | undefined> {
  const { names, dataFolder } = settings;
  const ours = {
    bus: topology.bus as string,
    jobQueue: topology.batch.jobQueue.name as string,
    jobDefinition: topology.batch.resample.name as string,
  };
  if (settings.aws !== undefined) {
    if (settings.databaseUrl === undefined) {
      throw new UsageError(
        'with AWS_ENDPOINT_URL or FIBBARS_CLOUD=aws, DATABASE_URL must say which database',
      );
    }
    return {
      databaseUrl: settings.databaseUrl,
      aws: settings.aws,
      bus: names.bus ?? ours.bus,
      jobQueue: names.jobQueue ?? ours.jobQueue,
      jobDefinition: names.jobDefinition ?? ours.jobDefinition,
      runs: () => Promise.resolve(true),
    };
  }
  const runtime = await readRuntime(dataFolder);
  if (runtime?.command !== 'up' || !runtime.databaseUrl || !runtime.awsEndpointUrl) return undefined;
  if (settings.databaseUrl !== undefined && settings.databaseUrl !== runtime.databaseUrl) {
    throw new UsageError(
      `DATABASE_URL is ${withoutPassword(settings.databaseUrl)}, and the \`fibbars up\` that runs on ${dataFolder} works on ${withoutPassword(runtime.databaseUrl)}: leave DATABASE_URL out to change that one, or set FIBBARS_DATA_DIR to a folder of its own for the other`,
    );
  }
  return {
    ...ours,
    databaseUrl: runtime.databaseUrl,
    aws: {
      endpoint: runtime.awsEndpointUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    runs: async () => (await readRuntime(dataFolder))?.pid === runtime.pid,
  };
}

async function workElsewhere<T>(
  { signal, logger, output }: WorkplaceDeps,
  command: string,
  { databaseUrl, aws, runs, ...names }: Elsewhere,
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  const db = connect(databaseUrl, command, { keepTrying: async () => !signal.aborted && (await runs()) });
  const clients = createAwsClients(aws);
  try {
    await db.withClient(assertSchemaVersion);
    const place = runningWorkplace({ db, aws: clients, names, runs, logger, signal });
    return await work({ ...place, settle: () => withPendingProgress(db, output, () => place.settle()) });
  } catch (error) {
    // Its database went with it, and comes back with the next, elsewhere.
    if (error instanceof DatabaseUnreachableError && !(await runs()))
      throw new PipelineStoppedError({ cause: error });
    throw error;
  } finally {
    await db.close();
    clients.destroy();
  }
}

export type RunningPipeline = {
  readonly db: Database;
  readonly aws: AwsClients;
  readonly names: Pick<Elsewhere, 'bus' | 'jobQueue' | 'jobDefinition'>;
  /** Whether it is still there. */
  readonly runs: () => Promise<boolean>;
  readonly logger: Logger;
  /** Ends what waits for it. */
  readonly signal: AbortSignal;
};

/** A pipeline that somebody runs, who does the work that is set off in it. */
export function runningWorkplace({ db, aws, names, runs, logger, signal }: RunningPipeline): Workplace {
  const { bus: busName, jobQueue, jobDefinition } = names;
  const publish = async () => {
    // Its bus has gone with it: each attempt would take its time.
    if (!(await runs())) throw new PipelineStoppedError();
    await publishOutbox(
      { db, eventBridge: aws.eventBridge, busName, logger },
      { signal: AbortSignal.timeout(60_000) },
    );
  };
  return {
    db,
    aws,
    busName,
    own: false,
    publish,
    dispatch: () =>
      dispatchPending(
        { db, logger, batch: aws.batch, jobQueue, jobDefinition, jobSize: defaultJobSize },
        { signal },
      ),
    async settle() {
      await publish();
      await awaitPipeline({ db, runs, signal });
    },
  };
}

async function workHere<T>(
  { settings, output, logger, signal }: WorkplaceDeps,
  command: string,
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  const pipeline = await startPipeline(settings, {
    command,
    logger,
    maxVcpus: settings.parallelism,
    logLevel: settings.logLevel,
  });
  try {
    const services = await runServices(pipeline, { logger, print: () => {} });
    try {
      return await work({
        db: pipeline.db,
        aws: pipeline.aws,
        busName: pipeline.names.busName,
        own: true,
        publish: () => pipeline.publish(),
        dispatch: () => dispatchPending(services.dispatcher, { signal }),
        async settle() {
          await withPendingProgress(pipeline.db, output, () => drain(pipeline, services, { signal }));
        },
      });
    } finally {
      await services.stop();
    }
  } finally {
    await pipeline.close();
  }
}
