import packageJson from '../../package.json' with { type: 'json' };
import { findSymbols } from '../../sql/queries/find-symbols.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { readMarket } from '../../sql/queries/read-market.ts';
import { findCorrelation, readTrace } from '../../sql/queries/trace.ts';
import { addDays } from '../shared/calendar/day.ts';
import { newYorkDay } from '../shared/calendar/new-york.ts';
import type { Pipeline, Session } from './api.ts';
import { sendBarsCsv } from './bars-csv.ts';
import { ProblemError } from './http/problem-error.ts';
import { type Query, queryOf } from './http/query.ts';
import type { Call, Route } from './http/route.ts';
import { readAllBars, readBarsPage } from './reads/read-bars-page.ts';
import { readDays } from './reads/read-days.ts';
import { readGroupOfBar } from './reads/read-group-of-bar.ts';
import type { Read } from './reads/read-only.ts';
import { toTrace } from './reads/to-trace.ts';

export type ReadRouteDeps = {
  readonly read: Read;
  readonly count: () => Promise<Pipeline>;
  readonly session: Pick<Session, 'local' | 'token'>;
  readonly clock: () => Date;
};

const symbolLimit = { least: 1, most: 1_000, otherwise: 20 };
const barLimit = { least: 1, most: 20_000, otherwise: 5_000 };
/** `readBarsPage` knows which there are. */
const interval = { least: 1, most: 1_000, otherwise: 1 };
const longestSearch = 40;
/** What is shown without a range. */
const daysShown = 371;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The routes that look. Each reads in one transaction that cannot write. */
export function readRoutes({ read, count, session, clock }: ReadRouteDeps): Route[] {
  return [
    get('session', [], async () =>
      read(async (client): Promise<Session> => {
        const { symbols, lastDay } = await readMarket(client);
        const intervals = [1, ...(await readIntervals(client))];
        return { intervals, symbols, lastDay, ...session, version: packageJson.version };
      }),
    ),
    get('symbols', ['query', 'limit'], async (query) => {
      const text = query.text('query') ?? '';
      const limit = query.wholeNumber('limit', symbolLimit);
      // No symbol is as long.
      if (text.length > longestSearch || text.includes('\0')) return [];
      return await read((client) => findSymbols(client, text, limit));
    }),
    get('bars', ['symbol', 'interval', 'before', 'limit'], async (query) => {
      const request = {
        symbol: query.symbol('symbol'),
        interval: query.wholeNumber('interval', interval),
        before: query.optionalDay('before'),
        limit: query.wholeNumber('limit', barLimit),
      };
      return await read((client) => readBarsPage(client, request));
    }),
    get('group', ['symbol', 'interval', 'start'], async (query) => {
      const request = {
        symbol: query.symbol('symbol'),
        interval: query.wholeNumber('interval', interval),
        start: query.day('start'),
      };
      return await read((client) => readGroupOfBar(client, request));
    }),
    get('bars.csv', ['symbol', 'interval'], async (query, { response }) => {
      const request = { symbol: query.symbol('symbol'), interval: query.wholeNumber('interval', interval) };
      await sendBarsCsv(response, request, await read((client) => readAllBars(client, request)));
      return undefined;
    }),
    get('pipeline', [], count),
    get('days', ['from', 'through'], async (query) => {
      const now = clock();
      const through = query.optionalDay('through') ?? newYorkDay(now);
      const from = query.optionalDay('from') ?? addDays(through, 1 - daysShown);
      return await read((client) => readDays(client, { from, through }, now));
    }),
    get('trace', ['id'], async (query) => {
      const id = query.text('id') ?? '';
      if (!uuid.test(id)) {
        throw new ProblemError(
          400,
          `The parameter id is ${JSON.stringify(id)}: it takes a correlationId or the id of an event, a UUID`,
        );
      }
      const found = await read(async (client) => {
        const correlationId = await findCorrelation(client, id);
        return correlationId === undefined ? undefined : await readTrace(client, correlationId);
      });
      if (found) return toTrace(found);
      throw new ProblemError(
        404,
        `Nothing is known of ${id}: it is neither a correlation id nor the id of an event. Log lines and events have it as correlationId`,
      );
    }),
  ];
}

function get(
  name: string,
  parameters: readonly string[],
  answer: (query: Query, call: Call) => Promise<unknown>,
): Route {
  return {
    method: 'GET',
    path: new RegExp(`^/api/${name.replace('.', '\\.')}$`),
    async answer(call) {
      const body = await answer(queryOf(call.url.searchParams, parameters), call);
      return body === undefined ? undefined : { body };
    },
  };
}
