import { arn, nameOf } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import {
  busOf,
  type EventBridgeState,
  fail,
  notFound,
  nowSeconds,
  type Replay,
} from './event-bridge-state.ts';
import { type Input, type Operations, startsWith, textOf } from './operations.ts';

/** @param run is told of each replay that is to run. */
export function replayOperations(state: EventBridgeState, run: (replayName: string) => void): Operations {
  const replayOf = (input: Input): Replay => {
    const name = textOf(input, 'ReplayName');
    return state.replays.get(name) ?? fail(notFound(`Replay ${name} does not exist.`));
  };

  return {
    StartReplay(input) {
      const name = textOf(input, 'ReplayName');
      if (state.replays.get(name)) {
        throw new AwsError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
      }
      const archiveArn = textOf(input, 'EventSourceArn');
      const archive =
        state.archives.get(nameOf(archiveArn)) ?? fail(notFound(`Archive ${archiveArn} does not exist.`));
      const destination = (input['Destination'] ?? {}) as Replay['Destination'];
      const bus = busOf(state, textOf(destination, 'Arn'));
      if (bus.Arn !== archive.EventSourceArn) {
        throw new AwsError(
          'ValidationException',
          `Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.`,
        );
      }
      const known = new Set(
        state.rules
          .all()
          .filter((rule) => rule.EventBusName === bus.Name)
          .map((rule) => rule.Arn),
      );
      for (const filter of destination.FilterArns ?? []) {
        if (!known.has(filter)) throw notFound(`Rule ${filter} does not exist on EventBus ${bus.Name}.`);
      }
      const [start, end] = [Number(input['EventStartTime']), Number(input['EventEndTime'])];
      if (!(start < end)) {
        throw new AwsError(
          'ValidationException',
          'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
        );
      }
      const replay: Replay = {
        ReplayName: name,
        ReplayArn: arn(state.account, 'events', `replay/${name}`),
        EventSourceArn: archive.ArchiveArn,
        Description: input['Description'] as string | undefined,
        Destination: destination,
        EventStartTime: start,
        EventEndTime: end,
        ReplayStartTime: nowSeconds(),
        State: 'STARTING',
        // Before every event of that time.
        cursor: { timeMs: start * 1_000, position: -1 },
      };
      state.replays.put(name, replay);
      run(name);
      return { ReplayArn: replay.ReplayArn, State: replay.State, ReplayStartTime: replay.ReplayStartTime };
    },
    DescribeReplay: (input) => withoutCursor(replayOf(input)),
    ListReplays: (input) => ({
      Replays: state.replays
        .all()
        .filter((replay) => startsWith(replay.ReplayName, input['NamePrefix']))
        .filter((replay) => !input['State'] || replay.State === input['State'])
        .filter((replay) => !input['EventSourceArn'] || replay.EventSourceArn === input['EventSourceArn'])
        .map(withoutCursor),
    }),
    CancelReplay(input) {
      const replay = replayOf(input);
      if (replay.State !== 'STARTING' && replay.State !== 'RUNNING') {
        throw new AwsError(
          'IllegalStatusException',
          `Replay ${replay.ReplayName} is not in a valid state for this operation.`,
        );
      }
      state.replays.put(replay.ReplayName, { ...replay, State: 'CANCELLING' });
      return { ReplayArn: replay.ReplayArn, State: 'CANCELLING' };
    },
  };
}

function withoutCursor(replay: Replay): object {
  return { ...replay, cursor: undefined };
}
