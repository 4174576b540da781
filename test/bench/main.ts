/** npm run bench -- [--symbols N] [--days N] [--rounds N] [--json]: ratios of our work against floors of the same run. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { ingestDay } from '../../services/fetcher/ingest-day.ts';
import { validateBars } from '../../services/fetcher/validate-bars.ts';
import { startPostgres } from '../../services/local/postgres/start-postgres.ts';
import { resample } from '../../services/resampler/resample.ts';
import { verify } from '../../services/resampler/verify.ts';
import { type Database, openDatabase } from '../../services/shared/database.ts';
import { migrate } from '../../sql/migrate.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import {
  copyAllOut,
  copyFinishedIn,
  createFloorTables,
  levelFloors,
  readFinished,
  upsertMoved,
} from './floors.ts';
import { dateOf, loadMarket, marketDay } from './market.ts';
import { type Measured, measure, timed } from './measure.ts';

const { values } = parseArgs({
  options: {
    symbols: { type: 'string', default: '11000' },
    days: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const market = { symbols: Number(values.symbols), days: Number(values.days) };
const rounds = Number(values.rounds);
const say = (line: string) => {
  if (!values.json) process.stdout.write(`${line}\n`);
};

const directory = await mkdtemp(join(tmpdir(), 'fibbars-bench-'));
const postgres = await startPostgres({ directory });
const db = openDatabase({ connectionString: postgres.url, maxConnections: 6 });
try {
  await db.withClient((client) => migrate(client));
  const measured = await bench(db);
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ market, rounds, postgres: postgres.version, measured }, undefined, 2)}\n`,
    );
} finally {
  await db.close();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function bench(database: Database): Promise<Measured[]> {
  const intervals = await database.withClient((client) => readIntervals(client));
  say(
    `${market.symbols} symbols × ${market.days} days, PostgreSQL ${postgres.version}, medians of ${rounds}\n`,
  );
  await loadMarket(database, market);
  const symbols = (
    await database.query<{ symbol: string }>('select symbol from ops.symbol order by symbol')
  ).map((row) => row.symbol);
  await createFloorTables(database, intervals);
  const work = (sessions: number) =>
    resample(
      {
        db: database,
        logger: pino({ level: 'silent' }),
        publish: () => Promise.resolve(),
        signal: new AbortController().signal,
      },
      { jobId: null, symbols, intervals, sessions },
    );
  const invalidate = async () => {
    await database.query(
      `with change as (insert into ops.change (event_id, kind, cause, source, correlation_id)
         values ($1, 'rebuild', 'correction', 'bench', $1) returning id)
       insert into ops.invalidation (symbol, from_date, reason, change_id)
       select symbol, '-infinity', 'rebuild', change.id from ops.symbol, change`,
      [randomUUID()],
    );
    await database.query('checkpoint');
  };
  const empty = async () => {
    for (const days of intervals) await database.query(`truncate public.silver_${days}d`);
    await invalidate();
  };
  await empty();
  await work(2);
  const finished = await readFinished(database, intervals);
  const results: Measured[] = [];
  const add = async (trial: Parameters<typeof measure>[0]) => {
    const result = await measure(trial, rounds);
    results.push(result);
    const goal = result.goal === null ? '' : `, goal ${result.goal} ×`;
    say(
      `${result.ratio.toFixed(2).padStart(6)} ×  ${result.work}: ${Math.round(result.workMs)} ms, ${result.floor}: ${Math.round(result.floorMs)} ms${goal}`,
    );
  };

  for (const [sessions, goal] of [
    [1, 1.5],
    [2, 1],
  ] as const) {
    await add({
      work: `rebuild into empty silver, ${sessions} session${sessions > 1 ? 's' : ''}`,
      floor: 'binary COPY of the finished rows into keyed tables, 1 session',
      goal,
      prepare: empty,
      run: () => timed(() => work(sessions)),
      runFloor: () => copyFinishedIn(database, finished),
    });
  }
  await add({
    work: 'rebuild over right silver, 1 session',
    floor: 'ordered COPY out of bronze and silver',
    goal: 1.2,
    prepare: invalidate,
    run: () => timed(() => work(1)),
    runFloor: () => copyAllOut(database, intervals),
  });
  await levelFloors(database, intervals);
  let day = market.days;
  const known = new Set<string>();
  await add({
    work: 'a night: one new day of every symbol, ingested before',
    floor: 'bare upsert of the finished rows',
    goal: 1.2,
    prepare: async () => {
      const rows = [...marketDay(market, day)].map((line, index) => {
        const [symbol = '', , open = '', high = '', low = '', close = '', volume = ''] = line
          .trim()
          .split('\t');
        return { position: index + 1, symbol, open, high, low, close, volume };
      });
      const delivery = {
        source: 'bench',
        tradingDay: dateOf(day),
        adjusted: false,
        fingerprint: `day ${day}`,
        ...validateBars(rows),
      };
      day++;
      await ingestDay({ db: database, known }, delivery, {
        cause: 'live',
        correlationId: randomUUID(),
        firstDelivery: true,
      });
      await database.query('checkpoint');
    },
    run: () => timed(() => work(1)),
    runFloor: () => upsertMoved(database, intervals),
  });
  const { differing, pending } = await verify(database);
  if (differing > 0 || pending.length > 0)
    throw new Error(`${differing} bars differ, ${pending.length} symbols are pending`);
  say('\nverified: 0 differences');
  return results;
}
