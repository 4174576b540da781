import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { drain } from '../../services/local/pipeline/drain.ts';
import { runServices } from '../../services/local/pipeline/run-services.ts';
import { type Pipeline, startPipeline } from '../../services/local/pipeline/start-pipeline.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { makeDirectory } from './directory.ts';
import { type Ear, hearSilver } from './hear-silver.ts';
import { loadMarket, type Market } from './market.ts';
import { invalidateAll, resampleAll } from './work.ts';

/** The whole pipeline as `npm start` runs it: a PostgreSQL and a local cloud of its own, jobs in processes of their own. */
export type PipelineStand = Pick<Pipeline, 'db'> & {
  /** Sends what the outbox holds to the bus. */
  publish(): Promise<unknown>;
  /** For files; removed with the stand. */
  readonly directory: string;
  readonly ear: Ear;
  /** Waits until nothing is left to do. */
  settle(): Promise<void>;
  /** Milliseconds that jobs have spent in the transactions of their chunks since the last call, by their logs. */
  takeJobMs(): Promise<number>;
  close(): Promise<void>;
};

export async function openPipeline(signal: AbortSignal): Promise<PipelineStand> {
  const directory = await makeDirectory();
  const logger = pino({ level: 'silent' });
  const closers: (() => Promise<unknown>)[] = [() => directory.remove()];
  const close = async () => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const pipeline = await startPipeline(
      { dataFolder: directory.path, databaseUrl: undefined },
      { command: 'bench', logger, maxVcpus: 2, logLevel: 'info' },
    );
    closers.push(() => pipeline.close());
    const ear = await hearSilver(pipeline);
    closers.push(() => ear.close());
    const services = await runServices(pipeline, { logger, print: () => {} });
    closers.push(() => services.stop());
    const logs = join(directory.path, 'cloud', 'job-logs');
    const read = new Set<string>();
    return {
      db: pipeline.db,
      publish: () => pipeline.publish(signal),
      directory: directory.path,
      ear,
      async settle() {
        await drain(pipeline, services, { signal, queues: [ear.queueName] });
        signal.throwIfAborted();
      },
      async takeJobMs() {
        let ms = 0;
        for (const name of await readdir(logs)) {
          if (read.has(name)) continue;
          read.add(name);
          ms += chunkMs(await readFile(join(logs, name), 'utf8'));
        }
        return ms;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Fills bronze and silver, as if all of the market had come through the pipeline long ago. */
export async function fillPipeline({ db }: PipelineStand, market: Market): Promise<void> {
  await loadMarket(db, market);
  await invalidateAll({ db });
  const rows = await db.query<{ symbol: string }>('select symbol from ops.symbol order by symbol');
  const intervals = await db.withClient(readIntervals);
  await resampleAll({ db, intervals, symbols: rows.map((row) => row.symbol) }, 2);
  await db.query('vacuum analyze');
}

function chunkMs(log: string): number {
  const lines = log.split('\n').filter((line) => line.startsWith('{'));
  return lines
    .map((line) => JSON.parse(line) as { msg?: string; durationMs?: number })
    .filter(({ msg }) => msg === 'chunk is resampled')
    .reduce((sum, { durationMs }) => sum + (durationMs ?? Number.NaN), 0);
}
