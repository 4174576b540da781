import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  type DescribeReplayCommandOutput,
  DescribeRuleCommand,
  type EventBridgeClient,
  ResourceNotFoundException,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { topology } from '../../../infra/topology.ts';
import { UsageError } from '../../shared/exit-code.ts';

export type ArchiveDeps = {
  readonly eventBridge: EventBridgeClient;
  readonly busName: string;
  /** Between two questions how far it is. */
  readonly everyMs?: number;
};

export type ArchiveRequest = {
  /** Names the replay: the same again follows it and starts none. */
  readonly id: string;
  /** Times of the events, both included. */
  readonly from: Date;
  readonly to: Date;
  readonly signal: AbortSignal;
  /** Percent of the time from first to last. */
  readonly onProgress?: (done: number, total: 100) => void;
};

export type ArchiveReplay = {
  /** As EventBridge has it: COMPLETED, FAILED, CANCELLED, or where it was when the signal came. */
  readonly state: string;
  readonly reason: string | null;
  /** False: it was there already. */
  readonly started: boolean;
};

/** Of the rule that leads to the dispatcher: subscribers are not sent old events. */
const ruleName: string =
  topology.rules.find(({ bus, target }) => bus === 'pipeline' && target.queue === 'dispatcher')?.name ?? '';

const ended = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

/**
 * Has the bus's archive replayed to the dispatcher alone, and follows that to its end. A signal ends the following, not the replay.
 * @throws {UsageError} if the replay of that id is one of other times.
 */
export async function replayArchive(deps: ArchiveDeps, request: ArchiveRequest): Promise<ArchiveReplay> {
  const { id, signal } = request;
  const before = await describe(deps, id);
  if (before) assertSameTimes(before, request);
  else await start(deps, request);
  for (;;) {
    const replay = (await describe(deps, id)) ?? { State: 'STARTING' as const };
    const state = replay.State ?? 'STARTING';
    report(replay, request);
    if (ended.has(state) || signal.aborted) {
      return { state, reason: replay.StateReason ?? null, started: before === undefined };
    }
    await sleep(deps.everyMs ?? 1_000, undefined, { signal }).catch(() => {});
  }
}

async function start({ eventBridge, busName }: ArchiveDeps, { id, from, to }: ArchiveRequest): Promise<void> {
  const archive = await eventBridge.send(new DescribeArchiveCommand({ ArchiveName: topology.archive.name }));
  const rule = await eventBridge.send(new DescribeRuleCommand({ Name: ruleName, EventBusName: busName }));
  await eventBridge.send(
    new StartReplayCommand({
      ReplayName: id,
      EventSourceArn: archive.ArchiveArn,
      EventStartTime: from,
      EventEndTime: to,
      Destination: { Arn: archive.EventSourceArn, FilterArns: [rule.Arn ?? ''] },
    }),
  );
}

function assertSameTimes(
  { EventStartTime, EventEndTime }: Partial<DescribeReplayCommandOutput>,
  { id, from, to }: ArchiveRequest,
): void {
  // EventBridge keeps whole seconds.
  const isAt = (kept: Date | undefined, asked: Date) =>
    kept === undefined || Math.abs(kept.getTime() - asked.getTime()) < 1_000;
  if (isAt(EventStartTime, from) && isAt(EventEndTime, to)) return;
  const [first, last] = [EventStartTime, EventEndTime].map((time) => time?.toISOString() ?? '');
  throw new UsageError(
    `Replay ${id} was begun with --from ${first} --to ${last}: repeat these to follow it, or leave --id out to begin another replay`,
  );
}

async function describe(
  { eventBridge }: ArchiveDeps,
  id: string,
): Promise<Partial<DescribeReplayCommandOutput> | undefined> {
  try {
    return await eventBridge.send(new DescribeReplayCommand({ ReplayName: id }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function report(
  replay: Partial<DescribeReplayCommandOutput>,
  { from, to, onProgress }: ArchiveRequest,
): void {
  const spanMs = (until: Date) => until.getTime() - from.getTime();
  const share = Math.max(0, spanMs(replay.EventLastReplayedTime ?? from)) / Math.max(1, spanMs(to));
  onProgress?.(replay.State === 'COMPLETED' ? 100 : Math.round(100 * share), 100);
}
