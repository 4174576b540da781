import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { findReturns, type SymbolReturn } from '../../../sql/queries/find-returns.ts';
import { readStatus, readTradingDays } from '../../../sql/queries/read-status.ts';
import { sessionsBetween } from '../../shared/calendar/sessions.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { formatCount, formatTable } from '../format.ts';
import type { Output } from '../output.ts';

/** The queues of a running pipeline. */
export type Queues = {
  readonly sqs: SQSClient;
  readonly urls: { readonly [name in 'dispatcher' | 'deadLetters' | 'subscriber']?: string | undefined };
};

/** A symbol that comes back after more sessions than these, about three months, may be another company: FB before 2012. */
const longAbsence = 60;

/** Prints how the pipeline stands. Waiting work is no failure: the exit code is 0. */
export async function status(db: Database, output: Output, queues: Queues | undefined): Promise<number> {
  const found = await db.withClient(readStatus);
  const days = await db.withClient(readTradingDays);
  const missingDays = missingSessions(days, found.firstDate);
  const returns = await db.withClient((client) => findReturns(client, days, longAbsence));
  const depths = queues === undefined ? null : await readDepths(queues);
  output.document({ ...found, tradingDays: days.length, missingDays, returns, queues: depths });
  const age = (seconds: number | null) =>
    seconds === null ? '' : `, the oldest ${Math.round(seconds)} s old`;
  const rows = [
    [
      'bronze',
      `${formatCount(Number(found.bars))} bars of ${formatCount(found.symbols)} symbols, ${found.firstDate ?? '-'} to ${found.lastDate ?? '-'}`,
    ],
    ['last day', found.lastDate ?? 'none yet'],
    ['missing days', describeDays(missingDays)],
    ...(found.retainedFrom === null
      ? []
      : [
          [
            'retention',
            `${formatCount(found.retainedSymbols)} symbols are cut, the latest at ${found.retainedFrom}`,
          ],
        ]),
    ...(returns.length === 0 ? [] : [['came back', describeReturns(returns)]]),
    ['quarantined', formatCount(found.quarantined)],
    ['invalidations', `${formatCount(found.invalidations)} pending${age(found.oldestInvalidationSeconds)}`],
    [
      'jobs',
      `${found.liveJobs} unfinished, ${found.failedJobs} failed${found.lastFailure ? ` (the last: ${found.lastFailure})` : ''}`,
    ],
    [
      'outbox',
      `${formatCount(found.unpublishedEvents)} events to publish${age(found.oldestUnpublishedSeconds)}`,
    ],
    ['queue', depths === null ? 'the pipeline is not running' : `${depths.dispatcher ?? 0} messages`],
    ['dead letters', depths === null ? 'the pipeline is not running' : `${depths.deadLetters ?? 0}`],
  ];
  for (const line of formatTable(rows, 2)) output.say(line);
  if (found.invalidations > 0 && found.liveJobs === 0) {
    output.say();
    output.say('Nothing works on what is pending: `fibbars resample --pending` takes it up');
  }
  return exitCodes.done;
}

/** Sessions between those that were delivered, without what is older than any bar: retention has dropped it. */
function missingSessions(days: readonly string[], firstDate: string | null): string[] {
  const [first, last] = [days.find((day) => firstDate !== null && day >= firstDate), days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const there = new Set(days);
  return sessionsBetween(first, last).filter((day) => !there.has(day));
}

function describeDays(days: readonly string[]): string {
  if (days.length === 0) return 'none';
  return `${formatCount(days.length)}: ${days.slice(0, 5).join(', ')}${days.length > 5 ? ', …' : ''}`;
}

function describeReturns(returns: readonly SymbolReturn[]): string {
  const some = returns
    .slice(0, 5)
    .map(({ symbol, after, sessions }) => `${symbol} on ${after} after ${formatCount(sessions)} sessions`);
  const others = returns.length > 5 ? ', …' : '';
  return `${formatCount(returns.length)}, perhaps as another company: ${some.join(', ')}${others}`;
}

async function readDepths({ sqs, urls }: Queues): Promise<Record<keyof Queues['urls'], number | null>> {
  const depth = async (url: string | undefined) => {
    if (url === undefined) return null;
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return (
      Number(Attributes?.ApproximateNumberOfMessages ?? 0) +
      Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0)
    );
  };
  return {
    dispatcher: await depth(urls.dispatcher),
    deadLetters: await depth(urls.deadLetters),
    subscriber: await depth(urls.subscriber),
  };
}
