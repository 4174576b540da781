import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import type { DispatcherDeps } from '../../../services/dispatcher/handler.ts';
import { defaultJobSize } from '../../../services/dispatcher/job-size.ts';
import type { LocalCloudOptions } from '../../../services/local/cloud/start-local-cloud.ts';
import { type Provisioned, provision } from '../../../services/local/provision.ts';
import type { AwsClients } from '../../../services/shared/aws-clients.ts';
import { startTestCloud } from '../../integration/local-cloud/test-cloud.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { listen } from './ear.ts';
import type { Told } from './judge.ts';
import { watchTables } from './watch-tables.ts';
import { logger } from './world.ts';

export type LocalPipeline = {
  readonly database: TestDatabase;
  readonly clients: AwsClients;
  readonly names: Provisioned;
  readonly deps: DispatcherDeps;
  readonly endpoint: string;
  /** All that the bus had. */
  readonly heard: () => Promise<readonly Told[]>;
};

export const mainOf = (service: string) =>
  fileURLToPath(new URL(`../../../services/${service}/main.ts`, import.meta.url));

/** A database and the local cloud with its topology, whose jobs are processes; it ends with the test. */
export async function startLocalPipeline({
  environment = {},
  ...options
}: Partial<LocalCloudOptions> & {
  /** Of the jobs, beside where the database is. */
  readonly environment?: Readonly<Record<string, string>>;
} = {}): Promise<LocalPipeline> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  await watchTables(database.db);
  const { cloud, clients } = await startTestCloud({
    commands: { resampler: [process.execPath, mainOf('resampler')] },
    jobEnvironment: () => ({ DATABASE_URL: database.url, FIBBARS_BUS: topology.bus, ...environment }),
    ...options,
  });
  const names = await provision(clients, topology);
  return {
    database,
    clients,
    names,
    deps: { ...clients, ...names, db: database.db, jobSize: defaultJobSize, logger },
    endpoint: cloud.endpoint,
    heard: await listen(clients),
  };
}
