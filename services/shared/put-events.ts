import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { backoff } from './backoff.ts';
import { type BusEntry, entryBytes, maxRequestBytes, packEntries } from './pack-entries.ts';

export type PutEventsDeps = { readonly eventBridge: EventBridgeClient; readonly busName: string };

export type PutOutcome = {
  readonly entry: BusEntry;
  /**
   * refused: EventBridge will never take it as it is. failed: not this time. unsent: the signal came first, or the
   * bus was found to be away.
   */
  readonly state: 'published' | 'refused' | 'failed' | 'unsent';
  /** Requests that carried it. */
  readonly attempts: number;
  readonly error: string | null;
};

/** Requests under way at once: with 10 entries and some 15 ms each, above 2,000 events a second. */
const inFlight = 4;
/** With the waits below about 10 s, which outlasts a throttled second but not an outage. */
const maxAttempts = 8;
/** Against an endpoint that hangs: the rows stay locked meanwhile. No attempt begins later. */
const maxTotalMs = 20_000;
/** "Non-retryable errors" of PutEventsResultEntry, EventBridge API reference, and what the other API errors are called. */
const refusals: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'InvalidAccountIdException',
  'InvalidArgument',
  'MalformedDetail',
  'RedactionFailure',
  'NotAuthorizedForSourceException',
  'NotAuthorizedForDetailTypeException',
  'ValidationException',
  'ValidationError',
]);

/**
 * Puts entries on the bus: as few requests as the limits allow, several at once. Entries that failed are sent again,
 * alone, with growing random waits. Never throws for what EventBridge says: each entry has an outcome.
 */
export async function putEvents(
  deps: PutEventsDeps,
  entries: readonly BusEntry[],
  signal: AbortSignal,
): Promise<PutOutcome[]> {
  const { requests, tooLarge } = packEntries(entries);
  const outcomes: PutOutcome[] = tooLarge.map((entry) => ({
    entry,
    state: 'refused',
    attempts: 0,
    error: `The event has ${entryBytes(entry)} bytes, EventBridge takes ${maxRequestBytes}: split it into several`,
  }));
  const queue = requests.values();
  let away = false;
  async function work(): Promise<void> {
    for (const request of queue) {
      const delivered = away ? request.map(unsent) : await deliver(deps, request, signal);
      // After so many attempts the others would wait as long for the same answer.
      away ||= delivered.every(({ state }) => state === 'failed');
      outcomes.push(...delivered);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work));
  return outcomes;
}

function unsent(entry: BusEntry): PutOutcome {
  return { entry, state: 'unsent', attempts: 0, error: null };
}

async function deliver(deps: PutEventsDeps, request: BusEntry[], signal: AbortSignal): Promise<PutOutcome[]> {
  const settled: PutOutcome[] = [];
  let errors = new Map<BusEntry, string>();
  let pending = request;
  const lastStart = Date.now() + maxTotalMs;
  for (let attempts = 1; pending.length > 0; attempts++) {
    if (signal.aborted || attempts > maxAttempts || Date.now() > lastStart) {
      const state = signal.aborted ? 'unsent' : 'failed';
      settled.push(
        ...pending.map(
          (entry) =>
            ({
              entry,
              state,
              attempts: attempts - 1,
              error: errors.get(entry) ?? null,
            }) as const,
        ),
      );
      break;
    }
    const answers = await send(deps, pending);
    errors = new Map();
    for (const [entry, answer] of answers) {
      if (answer === 'published') settled.push({ entry, state: answer, attempts, error: null });
      else if (answer.refused) settled.push({ entry, state: 'refused', attempts, error: answer.error });
      else errors.set(entry, answer.error);
    }
    pending = [...errors.keys()];
    if (pending.length > 0) await backoff(attempts, { baseMs: 50, maxMs: 5_000, signal });
  }
  return settled;
}

type Answer = 'published' | { readonly refused: boolean; readonly error: string };

/** One request. PutEvents reports failures entry by entry, in the order of the request, and throws for none of them. */
async function send(deps: PutEventsDeps, entries: readonly BusEntry[]): Promise<Map<BusEntry, Answer>> {
  try {
    const { Entries: results = [] } = await deps.eventBridge.send(
      new PutEventsCommand({
        Entries: entries.map((entry) => ({
          EventBusName: deps.busName,
          Source: entry.source,
          DetailType: entry.detailType,
          Detail: entry.detail,
          Time: entry.time,
        })),
      }),
    );
    return new Map(
      entries.map((entry, index): [BusEntry, Answer] => {
        const result = results[index];
        if (result?.EventId && !result.ErrorCode) return [entry, 'published'];
        const code = result?.ErrorCode ?? 'no answer';
        return [entry, { refused: refusals.has(code), error: `${code}: ${result?.ErrorMessage ?? ''}` }];
      }),
    );
  } catch (error) {
    const { name, message } = error as Error;
    const refused = refusals.has(name);
    // One bad entry can have the whole request refused: find it.
    if (refused && entries.length > 1) {
      const answers = new Map<BusEntry, Answer>();
      for (const entry of entries) {
        for (const [key, answer] of await send(deps, [entry])) answers.set(key, answer);
      }
      return answers;
    }
    return new Map(entries.map((entry) => [entry, { refused, error: `${name}: ${message}` }]));
  }
}
