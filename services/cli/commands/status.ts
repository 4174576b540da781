import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { findReturns, type SymbolReturn } from '../../../sql/queries/find-returns.ts';
import { type DatabaseStatus, readStatus, readTradingDays } from '../../../sql/queries/read-status.ts';
import { lateAfterSeconds } from '../../dispatcher/never-started.ts';
import { missingSessions } from '../../shared/calendar/missing-sessions.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted, formatAge, formatCount, formatTable } from '../format.ts';
import type { Output } from '../output.ts';
import { describeMissing, findQueues, type Queue, type QueueNames } from '../redrive/dead-letter-queues.ts';

/** The queues of a running pipeline. */
export type Queues = { readonly sqs: SQSClient; readonly names: QueueNames };

/** Messages in each, visible or on loan; null: there is no such queue. */
type Depths = {
  readonly dispatcher: number | null;
  readonly subscriber: number | null;
  /** In all queues of dead letters. */
  readonly deadLetters: number;
  readonly deadLetterQueues: readonly {
    readonly name: string;
    readonly kind: string;
    readonly messages: number;
  }[];
  /** Names of the queues of the pipeline that are not there. */
  readonly missing: readonly string[];
};

const notRunning = 'the pipeline is not running';

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
      `${counted(Number(found.bars), 'bar')} of ${counted(found.symbols, 'symbol')}, ${found.firstDate ?? '-'} to ${found.lastDate ?? '-'}`,
    ],
    ['last day', found.lastDate ?? 'none yet'],
    ['missing days', describeDays(missingDays)],
    ...(found.retainedFrom === null
      ? []
      : [
          [
            'retention',
            `${counted(found.retainedSymbols, 'symbol is', 'symbols are')} cut, the latest at ${found.retainedFrom}`,
          ],
        ]),
    ...(returns.length === 0 ? [] : [['came back', describeReturns(returns)]]),
    ['quarantined', formatCount(found.quarantined)],
    ['invalidations', `${formatCount(found.invalidations)} pending${age(found.oldestInvalidationSeconds)}`],
    ['jobs', describeJobs(found)],
    [
      'outbox',
      `${counted(found.unpublishedEvents, 'event')} to publish${age(found.oldestUnpublishedSeconds)}`,
    ],
    ['queue', depths === null ? notRunning : describeQueue(depths)],
    ['dead letters', depths === null ? notRunning : describeDeadLetters(depths)],
    ...(depths?.missing.length ? [['missing queue', describeMissing(depths.missing)]] : []),
  ];
  for (const line of formatTable(rows, 2)) output.say(line);
  if ((found.oldestUnstartedSeconds ?? 0) > lateAfterSeconds) {
    output.say();
    output.say(
      'A job waits long for its start: AWS Batch says why, and the dispatcher submits another after an hour',
    );
  }
  if (found.invalidations > 0 && found.liveJobs === 0) {
    output.say();
    output.say('Nothing works on what is pending: `fibbars resample --pending` takes it up');
  }
  return exitCodes.done;
}

function describeDays(days: readonly string[]): string {
  if (days.length === 0) return 'none';
  return `${formatCount(days.length)}: ${days.slice(0, 5).join(', ')}${days.length > 5 ? ', …' : ''}`;
}

function describeReturns(returns: readonly SymbolReturn[]): string {
  const some = returns
    .slice(0, 5)
    .map(({ symbol, after, sessions }) => `${symbol} on ${after} after ${counted(sessions, 'session')}`);
  const others = returns.length > 5 ? ', …' : '';
  return `${formatCount(returns.length)}, perhaps as another company: ${some.join(', ')}${others}`;
}

async function readDepths({ sqs, names }: Queues): Promise<Depths> {
  const depth = async (url: string) => {
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
  const found = await findQueues(sqs, names);
  const depthOf = async ({ url }: Queue) => (url === undefined ? null : await depth(url));
  const deadLetterQueues = await Promise.all(
    found.deadLetterQueues.map(async ({ name, kind, url }) => ({
      name,
      kind,
      messages: await depth(url),
    })),
  );
  return {
    dispatcher: await depthOf(found.origins.dispatcher),
    subscriber: await depthOf(found.origins.subscriber),
    deadLetters: deadLetterQueues.reduce((sum, { messages }) => sum + messages, 0),
    deadLetterQueues,
    missing: found.missing,
  };
}

function describeQueue({ dispatcher }: Depths): string {
  return dispatcher === null ? 'there is none' : `${dispatcher} messages`;
}

function describeDeadLetters({ deadLetters, deadLetterQueues }: Depths): string {
  if (deadLetters === 0) return '0';
  const places = deadLetterQueues.filter(({ messages }) => messages > 0);
  const where = places.map(({ name, messages }) => `${formatCount(messages)} in ${name}`).join(', ');
  return `${where}: \`fibbars redrive --dry-run\` shows them`;
}

function describeJobs(found: DatabaseStatus): string {
  const { liveJobs, oldestUnstartedSeconds, oldestStartedSeconds, failedJobs, lastFailure } = found;
  const age = (words: string, seconds: number | null) =>
    seconds === null ? '' : `, ${words} ${formatAge(seconds * 1_000)}`;
  const unstarted = age('one not started for', oldestUnstartedSeconds);
  const started = age('one under way for', oldestStartedSeconds);
  const failure = lastFailure ? ` (the last: ${lastFailure})` : '';
  return `${liveJobs} unfinished${started}${unstarted}, ${failedJobs} failed${failure}`;
}
