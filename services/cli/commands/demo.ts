import { countJobs } from '../../../sql/queries/count-jobs.ts';
import { countSilver } from '../../../sql/queries/count-silver.ts';
import { readBars } from '../../../sql/queries/read-bars.ts';
import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import { readStatus, readTradingDays } from '../../../sql/queries/read-status.ts';
import type { SilverRow } from '../../../sql/queries/write-silver.ts';
import { sampleDays } from '../../fetcher/available-days.ts';
import { backfill } from '../../fetcher/backfill.ts';
import { drain } from '../../local/pipeline/drain.ts';
import { runServices } from '../../local/pipeline/run-services.ts';
import type { Pipeline } from '../../local/pipeline/start-pipeline.ts';
import { verify } from '../../resampler/verify.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import type { Logger } from '../../shared/logger.ts';
import { formatCount, formatSeconds } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import { barsTable } from './bars.ts';

export type DemoDeps = {
  readonly pipeline: Pipeline;
  readonly output: Output;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Shown in the first line. */
  readonly place: string;
};

/** The whole pipeline over the sample bars, to the end, and what came of it. */
export async function demo(deps: DemoDeps): Promise<number> {
  const { pipeline, output, logger, signal } = deps;
  const { db } = pipeline;
  output.say();
  output.say(
    `  ${output.colours.bold('fibonacci-bars')}  local cloud on 127.0.0.1:${pipeline.cloud.port} · PostgreSQL ${pipeline.databaseVersion} · data in ${deps.place}`,
  );
  output.say();

  const heard: SilverRow[] = [];
  const services = await runServices(pipeline, { logger, print: (bar) => heard.push(bar) });
  try {
    const [clock] = await db.query<{ now: string }>('select clock_timestamp()::text as now');
    const startMs = performance.now();
    const days = await sampleDays({});
    const progress = progressBar(output, 'bronze', 'days');
    const taken = await backfill(
      { db, logger, publish: () => pipeline.publish() },
      {
        source: 'sample',
        days,
        cause: 'backfill',
        signal,
        onProgress: ({ done, total }) => progress.update(done, total),
      },
    ).finally(progress.stop);
    signal.throwIfAborted();
    const bronzeMs = performance.now() - startMs;
    const waiting = progressBar(output, 'events', 'messages');
    let most = 1;
    let queueEmptyMs = bronzeMs;
    await drain(pipeline, services, {
      signal,
      onWaiting({ messages }) {
        if (messages > 0) queueEmptyMs = performance.now() - startMs;
        most = Math.max(most, messages);
        waiting.update(most - messages, most);
      },
    }).finally(waiting.stop);
    signal.throwIfAborted();
    const drainedMs = performance.now() - startMs;
    const verified = await verify(db, { signal });
    const verifyMs = performance.now() - startMs - drainedMs;

    const found = await db.withClient(readStatus);
    const tradingDays = (await db.withClient(readTradingDays)).length;
    const jobs = await db.withClient((client) => countJobs(client, clock?.now ?? 'now'));
    const silver = await db.withClient(async (client) => countSilver(client, await readIntervals(client)));
    const candles = await db.withClient((client) => readBars(client, { symbol: 'AAPL', days: 8, limit: 5 }));
    const summary = {
      bronze: {
        bars: Number(found.bars),
        symbols: found.symbols,
        tradingDays,
        ingestedDays: taken.ingested,
        ms: bronzeMs,
      },
      events: { barsIngested: taken.events, ms: queueEmptyMs },
      jobs: { ...jobs, ms: drainedMs },
      silver,
      verify: { rows: verified.rows, differences: verified.differing, ms: verifyMs },
      candles,
      heard: {
        bars: heard.length,
        last:
          heard
            .map((bar) => bar.endDate)
            .toSorted()
            .at(-1) ?? null,
      },
      nothingToDo: taken.ingested === 0,
    };
    output.document(summary);
    for (const line of summaryLines(summary, candles)) output.say(line);
    return verified.differing === 0 && verified.pending.length === 0 ? exitCodes.done : exitCodes.failed;
  } finally {
    await services.stop();
  }
}

type Summary = {
  bronze: { bars: number; symbols: number; tradingDays: number; ingestedDays: number; ms: number };
  events: { barsIngested: number; ms: number };
  jobs: { submitted: number; succeeded: number; failed: number; ms: number };
  silver: { days: number; bars: number }[];
  verify: { rows: number; differences: number; ms: number };
  heard: { bars: number; last: string | null };
  nothingToDo: boolean;
};

function summaryLines(summary: Summary, candles: readonly SilverRow[]): string[] {
  const { bronze, events, jobs, silver, verify: verified, heard } = summary;
  const line = (label: string, text: string, time = '') =>
    `  ${label.padEnd(9)}${text.padEnd(74)}${time.padStart(9)}`.trimEnd();
  // The stages run at the same time: what counts of a later one is how long it went on after the one before it.
  const later = (ms: number) => `+ ${formatSeconds(Math.max(0, ms))}`;
  const total = silver.reduce((sum, { bars }) => sum + bars, 0);
  const steps = summary.nothingToDo
    ? [
        line(
          'bronze',
          `${formatCount(bronze.bars)} bars · ${bronze.symbols} symbols: nothing to do, all ${formatCount(bronze.tradingDays)} trading days are in already`,
          formatSeconds(bronze.ms),
        ),
      ]
    : [
        line(
          'bronze',
          `${formatCount(bronze.bars)} bars · ${bronze.symbols} symbols · ${formatCount(bronze.tradingDays)} trading days`,
          formatSeconds(bronze.ms),
        ),
        line(
          'events',
          `${formatCount(events.barsIngested)} BarsIngested ▸ bus ▸ queue ▸ dispatcher`,
          later(events.ms - bronze.ms),
        ),
        line(
          'jobs',
          `${jobs.submitted} submitted, ${jobs.succeeded} succeeded${jobs.failed > 0 ? `, ${jobs.failed} failed` : ''} (${formatCount(events.barsIngested)} events coalesced)`,
          later(jobs.ms - events.ms),
        ),
      ];
  return [
    ...steps,
    line(
      'silver',
      `${formatCount(total)} bars: ${silver.map(({ days, bars }) => `${days}d ${formatCount(bars)}`).join(' · ')}`,
    ),
    line(
      'verify',
      `every bar recomputed from bronze: ${formatCount(verified.differences)} differences`,
      formatSeconds(verified.ms),
    ),
    '',
    ...barsTable('AAPL', 8, candles).map((each) => `  ${each}`),
    '',
    ...(heard.bars > 0
      ? [
          `  heard by the example subscriber: ${heard.bars} completed AAPL 21-day bars, the last ended ${heard.last}`,
          '',
        ]
      : []),
    '  next     npm run fibbars -- bars AAPL 21                the candles of any interval',
    '           npm run fibbars -- explain AAPL 8 2018-05-01   why a bar is what it is',
    '           npm run fibbars -- status                      how the pipeline stands',
    '           npm run fibbars -- up --open                   keep it running, and see it as a web page',
    '',
  ];
}
