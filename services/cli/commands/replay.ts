import { type ChangedRows, sumChangedRows } from '../../../sql/queries/sum-changed-rows.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import type { Cloud } from '../at-cloud.ts';
import { counted } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import { type ArchiveRequest, replayArchive } from '../replay/replay-archive.ts';
import { type Replayed, type ReplayRequest, replayDays } from '../replay/replay-days.ts';
import type { Workplace } from '../workplace.ts';
import { type ChangeDeps, stoppedEarly, withOthers } from './work-in.ts';

/** What came of a replay, worked into silver. */
export type ReplayEnd = Replayed &
  ChangedRows & {
    /** Every day was told again, and silver knows. */
    readonly workedIn: boolean;
  };

/** Replays trading days from bronze, and waits until silver knows. No bar in the range is an exit code of 1. */
export async function replay(
  { place, output, signal }: ChangeDeps,
  request: Omit<ReplayRequest, 'signal' | 'onProgress'>,
): Promise<number> {
  const { id, from, to } = request;
  output.say(`Replay ${id}: with \`--id ${id}\` the same command goes on where this one stops`);
  const progress = progressBar(output, 'replay', 'days');
  const end = await replayIn(place, { ...request, signal, onProgress: progress.update }, progress.stop);
  const { changeIds: _changeIds, workedIn, ...counts } = end;
  output.document({
    id,
    from,
    to,
    symbols: request.symbols ?? null,
    ...counts,
    complete: workedIn,
  });
  for (const line of replayLines(end, id)) output.say(line);
  return isReplayRight(end) ? exitCodes.done : exitCodes.failed;
}

/**
 * Replays trading days where the pipeline is, and waits until silver knows.
 * @param onTold is called when the last day was told again, or the telling has failed.
 */
export async function replayIn(
  place: Workplace,
  request: ReplayRequest,
  onTold: () => void = () => {},
): Promise<ReplayEnd> {
  const replayed = await replayDays({ db: place.db, publish: () => place.publish() }, request).finally(
    onTold,
  );
  await place.settle();
  const changed = await place.db.withClient((client) => sumChangedRows(client, replayed.changeIds));
  return { ...replayed, ...changed, workedIn: replayed.complete && !request.signal.aborted };
}

export function isReplayRight(end: ReplayEnd): boolean {
  return end.workedIn && end.unknown.length === 0 && hasBars(end);
}

function hasBars({ days, empty }: Replayed): boolean {
  return days > empty;
}

/** What came of it, for people. */
export function replayLines(end: ReplayEnd, id: string): string[] {
  const { events, doneBefore, unknown, last, complete, changedRows, workedIn } = end;
  const lines = [`${counted(events, 'event')} of trading days told again`];
  if (doneBefore > 0)
    lines.push(`${counted(doneBefore, 'day was', 'days were')} told again by this replay before`);
  if (unknown.length > 0) {
    lines.push(
      `Nothing is stored for: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ', …' : ''}. Symbols are case-sensitive`,
    );
  }
  if (!complete) lines.push(`Stopped after ${last ?? 'no day'}: \`--id ${id}\` goes on`);
  else if (!hasBars(end)) lines.push('There are no bars of these days: `fibbars status` shows what there is');
  lines.push(
    `${counted(changedRows, 'row of silver differed and was', 'rows of silver differed and were')} rewritten${withOthers(end)}`,
  );
  if (complete && !workedIn) lines.push(stoppedEarly);
  return lines;
}

/** Has the archive replayed, follows it, and waits for what it sets off where that happens here. */
export async function replayFromArchive(
  cloud: Cloud,
  output: Output,
  request: Omit<ArchiveRequest, 'onProgress'>,
): Promise<number> {
  const { id, from, to, signal } = request;
  output.say(`Replay ${id}: with \`--id ${id}\` the same command goes on following it`);
  const progress = progressBar(output, 'archive', '%');
  const { eventBridge } = cloud.aws;
  const found = await replayArchive(
    { eventBridge, busName: cloud.busName },
    { ...request, onProgress: progress.update },
  ).finally(progress.stop);
  const done = found.state === 'COMPLETED';
  if (done) await cloud.settle();
  const complete = done && !signal.aborted;
  output.document({ id, from: from.toISOString(), to: to.toISOString(), ...found, complete });
  if (done) output.say('The archive was replayed to the dispatcher, which submits the jobs');
  else if (signal.aborted)
    output.say(`No longer followed; the replay is ${found.state} and goes on by itself`);
  else output.say(`The replay is ${found.state}: ${found.reason ?? 'no reason is given'}`);
  return complete ? exitCodes.done : exitCodes.failed;
}
