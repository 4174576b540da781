/**
 * The whole pipeline on this machine: the database, the local cloud with its topology, and in this process the
 * dispatcher; jobs are processes of their own, as on AWS.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { topology } from '../../../infra/topology.ts';
import { migrate } from '../../../sql/migrate.ts';
import { type AwsClients, createAwsClients } from '../../shared/aws-clients.ts';
import type { Database } from '../../shared/database.ts';
import type { Logger } from '../../shared/logger.ts';
import { type Published, publishOutbox } from '../../shared/publish-outbox.ts';
import { type LocalCloud, startLocalCloud } from '../cloud/start-local-cloud.ts';
import { openDataFolder } from '../data-folder.ts';
import { type Postgres, startPostgres } from '../postgres/start-postgres.ts';
import { type Provisioned, provision } from '../provision.ts';
import { connect, type DatabaseSettings } from './local-database.ts';

export type Pipeline = {
  readonly db: Database;
  readonly databaseUrl: string;
  /** Of the server, like 18.4. */
  readonly databaseVersion: string;
  /** Resolves when the database of the data folder ends although nobody stopped it. */
  readonly databaseDied: Promise<void>;
  /** Database and cloud are those of the data folder, which no other program has. */
  readonly alone: boolean;
  readonly cloud: LocalCloud;
  readonly aws: AwsClients;
  readonly names: Provisioned;
  /** Sends what the outbox holds to the bus. */
  publish(signal?: AbortSignal): Promise<Published>;
  close(): Promise<void>;
};

export type PipelineOptions = {
  /** Shown to whoever finds the data folder in use. */
  readonly command: string;
  readonly logger: Logger;
  /** Of the local cloud; a free one by default. */
  readonly port?: number | undefined;
  /** Jobs at once. */
  readonly maxVcpus: number;
  readonly logLevel: string;
};

/**
 * Starts what a laptop needs in place of AWS, and brings the database to this program's version.
 * @throws {DataFolderInUseError} if another command has the data folder.
 */
export async function startPipeline(settings: DatabaseSettings, options: PipelineOptions): Promise<Pipeline> {
  const closers: (() => Promise<unknown> | void)[] = [];
  const close = async () => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const folder = await openDataFolder(settings.dataFolder, { command: options.command });
    closers.push(() => folder.release());
    const own =
      settings.databaseUrl === undefined ? await startOwn(folder.path, options, closers) : undefined;
    const databaseUrl = settings.databaseUrl ?? own?.url ?? '';
    const db = connect(databaseUrl, options.command);
    closers.push(() => db.close());
    await db.withClient(migrate);
    const cloud = await startLocalCloud({
      directory: join(folder.path, 'cloud'),
      ...(options.port !== undefined && { port: options.port }),
      commands: { resampler: [process.execPath, program('resampler')] },
      jobEnvironment: () => ({
        DATABASE_URL: databaseUrl,
        FIBBARS_BUS: topology.bus,
        LOG_LEVEL: options.logLevel,
        // A job starts in half the time when its modules are compiled already.
        NODE_COMPILE_CACHE: join(folder.path, 'compile-cache'),
      }),
      maxVcpus: options.maxVcpus,
      pace: { burst: 2, everyMs: 3_000 },
      // They were in the process that had this folder. Another subscriber of a killed `up` may get a message once more.
      receiversAreGone: true,
      logger: options.logger,
    });
    closers.push(() => cloud.close());
    const aws = createAwsClients({
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    closers.push(() => aws.destroy());
    const names = await provision(aws, topology);
    await folder.publish({
      databaseUrl,
      awsEndpointUrl: cloud.endpoint,
      bus: names.busName,
      queueUrl: names.queueUrl,
      deadLetterQueueUrl: names.deadLetterQueueUrl,
      subscriberQueueUrl: names.subscriberQueueUrl,
      jobQueue: names.jobQueue,
      jobDefinition: names.jobDefinition,
    });
    const publishDeps = { db, eventBridge: aws.eventBridge, busName: names.busName, logger: options.logger };
    const never = new AbortController().signal;
    const [version] = await db.query<{ server_version: string }>('show server_version');
    return {
      db,
      databaseUrl,
      databaseVersion: version?.server_version.split(' ')[0] ?? '',
      databaseDied: own?.died ?? new Promise<void>(() => {}),
      alone: own !== undefined,
      cloud,
      aws,
      names,
      publish: (signal = never) => publishOutbox(publishDeps, { signal }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOwn(
  folder: string,
  { logger }: PipelineOptions,
  closers: (() => Promise<unknown> | void)[],
): Promise<Postgres> {
  const postgres = await startPostgres({ directory: join(folder, 'postgres'), logger });
  closers.push(() => postgres.stop());
  return postgres;
}

function program(service: string): string {
  return fileURLToPath(new URL(`../../${service}/main.ts`, import.meta.url));
}
