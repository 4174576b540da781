import { setImmediate } from 'node:timers/promises';
import { nameOf } from '../account.ts';
import { type DeliverDeps, deliverEvents } from './deliver-events.ts';
import type { EventArchive } from './event-archive.ts';
import { nowSeconds, type Replay } from './event-bridge-state.ts';
import { withReplayName } from './event-envelope.ts';

export type RunReplayDeps = DeliverDeps & { readonly archive: EventArchive };

const eventsPerStep = 100;

/**
 * Delivers a replay's events in the order of their times, from where an earlier run was cut off; the step that was under
 * way then comes again. Returns early, to be run again at the next start, once `signal` fires.
 */
export async function runReplay(deps: RunReplayDeps, name: string, signal: AbortSignal): Promise<void> {
  const { replays } = deps.state;
  for (;;) {
    await setImmediate();
    const replay = replays.get(name);
    if (!replay || signal.aborted) return;
    if (replay.State === 'CANCELLING') {
      replays.put(name, { ...replay, State: 'CANCELLED', ReplayEndTime: nowSeconds() });
      return;
    }
    const next = step(deps, replay);
    replays.put(name, next);
    if (next.State === 'COMPLETED') return;
  }
}

function step(deps: RunReplayDeps, replay: Replay): Replay {
  const events = deps.archive.read(nameOf(replay.EventSourceArn), {
    after: replay.cursor,
    throughMs: replay.EventEndTime * 1_000,
    limit: eventsPerStep,
  });
  const last = events.at(-1);
  if (!last) return { ...replay, State: 'COMPLETED', ReplayEndTime: nowSeconds() };
  deliverEvents(deps, {
    bus: nameOf(replay.Destination.Arn),
    events: events.map((event) => withReplayName(event.text, replay.ReplayName)),
    ruleArns: replay.Destination.FilterArns,
  });
  return {
    ...replay,
    State: 'RUNNING',
    EventLastReplayedTime: last.timeMs / 1_000,
    cursor: { timeMs: last.timeMs, position: last.position },
  };
}
