import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { flatFileDays } from '../../../services/fetcher/available-days.ts';
import { backfill } from '../../../services/fetcher/backfill.ts';
import { dateOf, deliveryOf, flatFile, type Market, marketDay } from '../market.ts';
import { deep, wide } from '../markets.ts';
import type { Work } from '../measure.ts';
import { fillPipeline, openPipeline, type PipelineStand } from '../pipeline-stand.ts';
import type { Row, RowContext } from '../row.ts';
import { expectRight } from '../stand.ts';
import { ingest } from '../work.ts';

const allowed = { floor: 'a minute', runFloor: () => Promise.resolve(60_000) };
/** The local cloud lets jobs start at this pace, two at once: none is to wait for the ones before. */
const paceMs = 3_000;

export const everything: Row = {
  word: 'everything',
  market: deep,
  rounds: 1,
  async measureAlone({ add, market, signal, progress }) {
    await add({
      works: [
        {
          name: 'all days from their files to the last SilverUpdated, through the local cloud',
          goal: { atMost: 1 },
          run: async () => {
            const stand = await openPipeline(signal);
            try {
              return await backfillAll(stand, { market, signal, progress });
            } finally {
              await stand.close();
            }
          },
        },
      ],
      ...allowed,
    });
  },
};

export const cloudNight: Row = {
  word: 'cloud-night',
  market: deep,
  rounds: 5,
  measureAlone: (context) =>
    onFilled(context, async (_stand, heardDays) => {
      await context.add({
        works: [
          {
            name: 'one night from BarsIngested to the last SilverUpdated, through the local cloud',
            goal: { atMost: 1 },
            ...heardDays(context.market.symbols),
          },
        ],
        ...allowed,
        warmUp: true,
      });
    }),
};

export const latency: Row = {
  word: 'latency',
  market: wide,
  rounds: 5,
  measureAlone: (context) =>
    onFilled(context, async (stand, heardDays) => {
      for (const count of [1, context.market.symbols]) {
        const symbols = count === 1 ? '1 symbol' : `${count.toLocaleString('en-US')} symbols`;
        await context.add({
          works: [
            {
              name: `from BarsIngested committed to the last SilverUpdated, ${symbols}`,
              goal: null,
              ...heardDays(count),
            },
          ],
          floor: 'its job in the database',
          runFloor: () => stand.takeJobMs(),
          shows: 'difference',
          warmUp: count === 1,
        });
      }
    }),
};

async function backfillAll(
  stand: PipelineStand,
  { market, signal, progress }: Pick<RowContext, 'market' | 'signal' | 'progress'>,
): Promise<number> {
  const folder = join(stand.directory, 'files');
  await mkdir(folder);
  for (let day = 0; day < market.days; day++)
    await writeFile(join(folder, `${dateOf(day)}.csv`), flatFile(market, day));
  const days = await flatFileDays(folder, {});
  await stand.db.query('checkpoint');
  const startMs = performance.now();
  const report = await backfill(
    { db: stand.db, logger: pino({ level: 'silent' }), publish: () => stand.publish() },
    {
      source: 'flatfiles',
      days,
      cause: 'backfill',
      signal,
      onProgress: ({ done, total }) => progress(`day ${done} of ${total}`),
    },
  );
  if (report.ingested !== market.days) throw new Error(`${report.ingested} days were taken in`);
  progress('waiting for the last job');
  await stand.settle();
  const ms = stand.ear.heardAfter(startMs);
  await expectRight(stand.db);
  return ms;
}

/** Each time a further day of so many symbols, ingested before: from its publication to the last event heard. */
type HeardDays = (symbols: number) => Pick<Work, 'prepare' | 'run'>;

/** Runs `work` on a pipeline that has the market, and verifies what came of it. */
async function onFilled(
  { market, signal, progress }: RowContext,
  work: (stand: PipelineStand, heardDays: HeardDays) => Promise<void>,
): Promise<void> {
  const stand = await openPipeline(signal);
  try {
    progress('filling the pipeline');
    await fillPipeline(stand, market);
    await work(stand, furtherDays(stand, market));
    await expectRight(stand.db);
  } finally {
    await stand.close();
  }
}

function furtherDays(stand: PipelineStand, market: Market): HeardDays {
  let day = market.days;
  let startMs = Number.NEGATIVE_INFINITY;
  return (symbols) => ({
    async prepare() {
      await sleep(Math.max(0, startMs + paceMs - performance.now()));
      await ingest(stand, deliveryOf(dateOf(day), [...marketDay(market, day)].slice(0, symbols)));
      day++;
    },
    async run() {
      startMs = performance.now();
      await stand.publish();
      await stand.settle();
      return stand.ear.heardAfter(startMs);
    },
  });
}
