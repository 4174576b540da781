import type { ClientBase } from 'pg';
import { groupsOf, type ModelBar, type ModelSymbol } from './bronze-model.ts';

/** Bars of all intervals by symbol, one text a bar, by interval and start; values without trailing zeros. */
export type SilverTexts = ReadonlyMap<string, readonly string[]>;

/** What the tables hold, in one statement. */
export async function storedSilver(
  client: Pick<ClientBase, 'query'>,
  symbols: readonly string[],
  intervals: readonly number[],
): Promise<SilverTexts> {
  const tables = intervals.map(
    (days) =>
      `select ${days} as days, symbol, start_date,
              concat_ws(' ', ${days}, start_date, end_date, trim_scale(open), trim_scale(high), trim_scale(low),
                        trim_scale(close), trim_scale(volume), bar_count) as bar
         from public.silver_${days}d where symbol = any($1)`,
  );
  const { rows } = await client.query<{ symbol: string; bar: string }>(
    `select symbol, bar from (${tables.join(' union all ')}) bars order by symbol, days, start_date`,
    [symbols],
  );
  const texts = new Map(symbols.map((symbol): [string, string[]] => [symbol, []]));
  for (const { symbol, bar } of rows) texts.get(symbol)?.push(bar);
  return texts;
}

/** What they should hold. */
export function definedSilver(
  models: ReadonlyMap<string, ModelSymbol>,
  intervals: readonly number[],
): SilverTexts {
  return new Map(
    [...models].map(([symbol, model]) => {
      const groups = groupsOf(model, intervals);
      const bars = intervals.flatMap((days, index) =>
        groups[index]!.map((bar) =>
          [
            days,
            bar.startDate,
            bar.endDate,
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
            bar.barCount,
          ].join(' '),
        ),
      );
      return [symbol, bars];
    }),
  );
}

/** Bronze and splits of symbols whose prices are whole numbers. */
export async function readModels(
  client: Pick<ClientBase, 'query'>,
  symbols: readonly string[],
): Promise<Map<string, ModelSymbol>> {
  const bars = await client.query<Record<keyof ModelBar, string> & { symbol: string; date: string }>(
    'select symbol, date, open, high, low, close, volume from public.raw_ohlcv where symbol = any($1)',
    [symbols],
  );
  const splits = await client.query<Record<'symbol' | 'day' | 'from' | 'to', string>>(
    `select symbol, ex_date as day, split_from::text as "from", split_to::text as "to"
       from ops.split where symbol = any($1)`,
    [symbols],
  );
  const barsOf = Map.groupBy(bars.rows, (bar) => bar.symbol);
  const splitsOf = Map.groupBy(splits.rows, (split) => split.symbol);
  const toBar = (bar: Record<keyof ModelBar, string>): ModelBar => ({
    open: Number(bar.open),
    high: Number(bar.high),
    low: Number(bar.low),
    close: Number(bar.close),
    volume: Number(bar.volume),
  });
  return new Map(
    symbols.map((symbol) => [
      symbol,
      {
        history: new Map((barsOf.get(symbol) ?? []).map((bar) => [bar.date, toBar(bar)])),
        splits: new Map((splitsOf.get(symbol) ?? []).map(({ day, from, to }) => [day, [from, to]])),
      },
    ]),
  );
}
