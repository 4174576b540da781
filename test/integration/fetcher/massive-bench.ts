import { pino } from 'pino';
import {
  backfillMassive,
  type MassiveBackfillRequest,
} from '../../../services/fetcher/massive/backfill-massive.ts';
import { createMassiveClient, type Patience } from '../../../services/fetcher/massive/massive-client.ts';
import { newYorkInstant } from '../../../services/shared/calendar/new-york.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { createTestDatabase } from '../../support/create-test-database.ts';
import {
  groupedBody,
  groupedDay,
  type MarketBar,
  type MassiveReply,
  type MassiveRequest,
  marketOf,
  ordinaryMarket,
  startScriptedMassive,
} from '../../support/scripted-massive.ts';

const patience: Patience = {
  idleMs: 20_000,
  totalMs: 20_000,
  failed: { tries: 3, baseMs: 1, maxMs: 5 },
  turnedAway: { tries: 3, baseMs: 1, maxMs: 5 },
  longestWaitMs: 5_000,
};

/** The range that `run` asks for unless it is told otherwise. */
export const [from, to] = ['2026-11-16', '2026-11-20'] as const;
export const week = sessionsBetween(from, to);

export type MassiveBench = Awaited<ReturnType<typeof startMassiveBench>>;

/** A database, and the API of Massive with answers of the test's choice, between which history is taken in. */
export async function startMassiveBench() {
  const database = await createTestDatabase();
  const massive = await startScriptedMassive();
  const logged: string[] = [];
  return {
    db: database.db,
    massive,
    logged,
    async run(
      more: Partial<MassiveBackfillRequest> & { now?: string; publish?: () => Promise<unknown> } = {},
    ) {
      const { now = '2026-11-24T12:00:00Z', publish = () => Promise.resolve(), ...request } = more;
      const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
      const config = { baseUrl: massive.baseUrl, apiKey: 'hush-hush', callsPerMinute: 100_000 };
      return await backfillMassive(
        {
          db: database.db,
          logger,
          publish,
          client: createMassiveClient(config, logger, patience),
          clock: () => new Date(now),
        },
        { from, to, testTickers: new Set(), signal: new AbortController().signal, ...request },
      );
    },
    /** Days and symbols that were asked for, in order. */
    asked: () => massive.requests.map(groupedDay).filter((day) => day !== undefined),
    askedSymbols: () =>
      massive.requests.map(({ path }) => /^\/v2\/aggs\/ticker\/([^/]+)/.exec(path)?.[1]).filter(Boolean),
    stored: () =>
      database.db.query<{ symbol: string; day: string; close: string; volume: string }>(
        'select symbol, date::text as day, close::text, volume::text from raw_ohlcv order by date, symbol',
      ),
    storedSplits: () =>
      database.db.query(
        'select symbol, ex_date::text, split_from::text, split_to::text, source from ops.split order by 1, 2',
      ),
    /** Before each test. */
    async clear() {
      massive.requests.length = 0;
      massive.script(ordinaryMarket);
      logged.length = 0;
      await database.db.query(
        'truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.outbox, ops.quarantine, ops.trading_day, ops.split',
      );
    },
    async close() {
      await massive.close();
      await database.drop();
    },
  };
}

export const barsOn = (day: string, reply: MassiveReply) => (request: MassiveRequest) =>
  groupedDay(request) === day ? reply : ordinaryMarket(request);

/** Custom bars of the range asked for, as the API writes them: no T, the day's start as t. */
export function customBars(
  { path }: MassiveRequest,
  change: (bars: object[]) => object[] = (bars) => bars,
): MassiveReply {
  const [, symbol = '', first = '', last = ''] =
    /^\/v2\/aggs\/ticker\/([^/]+)\/range\/1\/day\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const bars = sessionsBetween(first, last).flatMap((day) =>
    marketOf(day)
      .filter(({ T }) => T === decodeURIComponent(symbol))
      .map((bar: Partial<MarketBar>) => ({
        ...bar,
        T: undefined,
        t: newYorkInstant(day, '00:00').getTime(),
      })),
  );
  return { body: { ticker: symbol, ...groupedBody(change(bars)) } };
}

/** A market that answers for single symbols too. */
export const bySymbol = (request: MassiveRequest): MassiveReply =>
  request.path.startsWith('/v2/aggs/ticker/') ? customBars(request) : ordinaryMarket(request);
