import { type AwsClients, createAwsClients } from '../../../services/shared/aws-clients.ts';
import { type Database, openDatabase } from '../../../services/shared/database.ts';
import { breakCalls } from './break-calls.ts';
import { type Fault, FaultPoints } from './fault-points.ts';
import { startPostgresProxy } from './postgres-proxy.ts';

/** Where a process finds the world. */
export type Endpoints = {
  readonly databaseUrl: string;
  readonly eventBridge: string;
  readonly batch: string;
  readonly sqs: string;
};

/** What a process has of the world, and loses when it dies. */
export type Process = Pick<AwsClients, 'eventBridge' | 'sqs' | 'batch'> & {
  readonly db: Database;
  /** Aborts when it has died: for what would wait for ever otherwise. */
  readonly gone: AbortSignal;
};

export type Life = {
  readonly points: FaultPoints;
  /** ended: it came to its end. failed: it gave up by itself, with `error`. died: its fault took it. */
  readonly how: 'ended' | 'failed' | 'died';
  readonly error?: unknown;
};

/**
 * Runs a program in a process that may have a fault. When it dies, its connections break, nothing that it still tries reaches the
 * world, and the call returns once the server has noticed.
 */
export async function live(
  endpoints: Endpoints,
  fault: Fault | undefined,
  program: (process: Process) => Promise<unknown>,
): Promise<Life> {
  const points = new FaultPoints(fault);
  const death = Promise.withResolvers<'died'>();
  const end = new AbortController();
  const gone = end.signal;
  const onFault = () => {
    if (fault?.mode !== 'crash') return;
    end.abort();
    db.abandon();
    death.resolve('died');
  };
  const proxy = await startPostgresProxy(endpoints.databaseUrl, {
    // The dead say nothing more, though their sockets may last a moment longer.
    meet: (statement) => (gone.aborted ? 'before' : points.meet(statement)),
    onFault,
  });
  const db = openDatabase({
    connectionString: proxy.url,
    applicationName: 'mortal',
    connectPatienceMs: 5_000,
  });
  const { process, destroy } = connectClients(endpoints, db, gone);
  for (const client of [process.eventBridge, process.sqs, process.batch]) {
    breakCalls(client, { points, isGone: () => gone.aborted, onFault });
  }
  const outcome = program(process).then(
    () => 'ended' as const,
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([outcome, death.promise]);
  // What is left of a dead program fails by itself, and nobody hears of it.
  if (!gone.aborted) await db.close();
  await proxy.close();
  destroy();
  if (gone.aborted) return { points, how: 'died' };
  return typeof first === 'object' ? { points, how: 'failed', error: first.error } : { points, how: 'ended' };
}

/** A process that nothing happens to, unless `gone` aborts. */
export function connectClients(
  endpoints: Omit<Endpoints, 'databaseUrl'>,
  db: Database,
  gone: AbortSignal = new AbortController().signal,
): { readonly process: Process; readonly destroy: () => void } {
  const at = (endpoint: string) =>
    createAwsClients({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  const clients = [at(endpoints.eventBridge), at(endpoints.sqs), at(endpoints.batch)] as const;
  const [{ eventBridge }, { sqs }, { batch }] = clients;
  return {
    process: { db, eventBridge, sqs, batch, gone },
    destroy() {
      for (const each of clients) each.destroy();
    },
  };
}
