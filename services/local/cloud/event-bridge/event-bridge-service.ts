import type { Logger } from '../../../shared/logger.ts';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { SqsService } from '../sqs/sqs-service.ts';
import type { StateDatabase } from '../state-database.ts';
import { archiveOperations } from './archive-operations.ts';
import { busOperations } from './bus-operations.ts';
import { deliverEvents } from './deliver-events.ts';
import { openEventArchive } from './event-archive.ts';
import { busOf, openEventBridgeState } from './event-bridge-state.ts';
import { type Envelope, type EnvelopeParts, makeEnvelope } from './event-envelope.ts';
import type { Input, Operations } from './operations.ts';
import { checkEntry, checkRequest } from './put-events-entry.ts';
import { replayOperations } from './replay-operations.ts';
import { ruleOperations } from './rule-operations.ts';
import { runReplay } from './run-replay.ts';

export type EventBridgeService = {
  call(operation: string, input: Input): object;
  /** Publishes as an AWS service does, on the default bus; returns once the targets have it durably. */
  publish: (event: EnvelopeParts) => void;
  /** ARNs of the queues that take what targets could not. */
  deadLetterQueueArns(): string[];
  runningReplays(): number;
  close(): Promise<void>;
};

export type EventBridgeDeps = {
  readonly account: Account;
  readonly database: StateDatabase;
  readonly sqs: SqsService;
  readonly logger: Logger;
};

export function openEventBridgeService(deps: EventBridgeDeps): EventBridgeService {
  const state = openEventBridgeState(deps.account, deps.database);
  const archive = openEventArchive(state);
  const deliverDeps = { state, sqs: deps.sqs, logger: deps.logger };
  const closing = new AbortController();
  const replays = new Map<string, Promise<void>>();

  function startReplay(name: string): void {
    const run = runReplay({ ...deliverDeps, archive }, name, closing.signal)
      .catch((error: unknown) => {
        deps.logger.error({ err: error, replay: name }, 'replay failed');
        const replay = state.replays.get(name);
        if (replay) state.replays.put(name, { ...replay, State: 'FAILED', StateReason: String(error) });
      })
      .finally(() => replays.delete(name));
    replays.set(name, run);
  }

  /** Archived first: an event that a target has and the archive lacks could never be replayed. */
  function accept(busName: string, envelopes: readonly Envelope[]): void {
    archive.append(busOf(state, busName).Arn, envelopes);
    deliverEvents(deliverDeps, { bus: busName, events: envelopes.map((envelope) => envelope.text) });
  }

  function putEvents(input: Input): object {
    const perBus = new Map<string, Envelope[]>();
    const results = checkRequest(input['Entries']).map((entry) => {
      const checked = checkEntry(entry);
      if ('ErrorCode' in checked) return checked;
      let bus: string;
      try {
        bus = busOf(state, checked.bus).Name;
      } catch (error) {
        // AWS accepts and drops these; here a wrong name should be seen.
        return { ErrorCode: 'InvalidArgument', ErrorMessage: (error as Error).message };
      }
      const envelope = makeEnvelope(deps.account, checked);
      perBus.set(bus, [...(perBus.get(bus) ?? []), envelope]);
      return { EventId: envelope.id };
    });
    for (const [bus, envelopes] of perBus) accept(bus, envelopes);
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  const operations: Operations = {
    ...busOperations(state),
    ...ruleOperations(state),
    ...archiveOperations(state, archive),
    ...replayOperations(state, startReplay),
    PutEvents: putEvents,
  };

  for (const kept of state.archives.all()) archive.expire(kept);
  for (const replay of state.replays.all()) {
    if (['STARTING', 'RUNNING', 'CANCELLING'].includes(replay.State)) startReplay(replay.ReplayName);
  }

  return {
    call(operation, input) {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!run) {
        throw new AwsError(
          'UnknownOperationException',
          `The local cloud does not implement EventBridge ${operation}`,
        );
      }
      return run(input);
    },
    publish: (event) => accept('default', [makeEnvelope(deps.account, event)]),
    deadLetterQueueArns: () =>
      state.rules
        .all()
        .flatMap((rule) => rule.Targets.flatMap((target) => target.DeadLetterConfig?.Arn ?? [])),
    runningReplays: () => replays.size,
    async close() {
      closing.abort();
      await Promise.all(replays.values());
    },
  };
}
