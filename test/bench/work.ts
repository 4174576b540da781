/** Our work, as the rows call it. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Delivery } from '../../services/fetcher/bar.ts';
import { ingestDay } from '../../services/fetcher/ingest-day.ts';
import { type Resampled, resample } from '../../services/resampler/resample.ts';
import type { Stand } from './stand.ts';

type Place = Pick<Stand, 'db' | 'symbols' | 'intervals'>;

/** Works in what is pending, as a job does, in this process. */
export async function resampleAll({ db, symbols, intervals }: Place, sessions: number): Promise<Resampled> {
  return await resample(
    {
      db,
      logger: pino({ level: 'silent' }),
      publish: () => Promise.resolve(),
      signal: new AbortController().signal,
    },
    { jobId: null, symbols, intervals, sessions },
  );
}

export async function invalidateAll({ db }: Pick<Stand, 'db'>): Promise<void> {
  await db.query(
    `with change as (insert into ops.change (event_id, kind, cause, source, correlation_id)
       values ($1, 'rebuild', 'correction', 'bench', $1) returning id)
     insert into ops.invalidation (symbol, from_date, reason, change_id)
     select symbol, '-infinity', 'rebuild', change.id from ops.symbol, change`,
    [randomUUID()],
  );
  await db.query('checkpoint');
}

/** Empties silver, and invalidates all of it once. */
export async function emptySilver({ db, intervals }: Pick<Stand, 'db' | 'intervals'>): Promise<void> {
  for (const days of intervals) await db.query(`truncate public.silver_${days}d`);
  await db.query('truncate ops.invalidation');
  await invalidateAll({ db });
}

/** Takes a delivery into bronze, uncounted. */
export async function ingest({ db }: Pick<Stand, 'db'>, delivery: Delivery): Promise<void> {
  await ingestDay({ db }, delivery, { cause: 'live', correlationId: randomUUID() });
  await db.query('checkpoint');
}
