/** Six kinds of messages that nobody can work on, at each place of a batch: each dies once, with its reason, and nothing else does. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startDispatcher } from '../../services/dispatcher/start-dispatcher.ts';
import { broken, envelopeBody, exampleEvents } from '../support/example-events.ts';
import type { TestQueue } from '../support/test-queues.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { ingest, makeHistory } from './support/histories.ts';
import { judge } from './support/judge.ts';
import { createWorld, dispatcherDeps, publisher, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await makeHistory(world);
  await world.save();
});
afterAll(() => world.close());

const good = envelopeBody('BarsIngested', exampleEvents.BarsIngested);
const { metadata } = exampleEvents.BarsIngested;

const kinds: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', good.slice(0, -2), /^The message body is no JSON/],
  ['JSON that is no event', '["BarsIngested"]', /envelope/i],
  ['an event that nobody knows', envelopeBody('BarsForgotten', exampleEvents.BarsIngested), /BarsForgotten/],
  [
    'a field that breaks its schema',
    envelopeBody('BarsIngested', broken('BarsIngested', ['data', 'tradingDay'], 'yesterday')),
    /BarsIngested data\.tradingDay is "yesterday"/,
  ],
  [
    'a version that does not exist yet',
    envelopeBody('BarsIngested', {
      ...exampleEvents.BarsIngested,
      metadata: { ...metadata, schemaVersion: 99 },
    }),
    /99/,
  ],
  [
    'a good event for somebody else',
    envelopeBody('SilverUpdated', exampleEvents.SilverUpdated),
    /takes BarsIngested, BarsRestated and Batch Job State Change, not SilverUpdated/,
  ],
];

for (const [kind, body, reason] of kinds) {
  test(`poison: ${kind}`, { timeout: 120_000 }, async (context) => {
    const figures = { points: 0, survived: 0, rows: 0, lost: 0 };
    for (const place of isFull ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [0, 9]) {
      await world.restore();
      for (let number = 10; number < 19; number++) await ingest(world, number);
      await publisher(world.immortal)();
      const queue = world.queues.create();
      for (const each of world.inbox.splice(0).toSpliced(place, 0, body)) await queue.send(each);
      await dispatchAll(queue);
      expect(await queue.deadLetters()).toEqual([
        {
          body,
          attributes: { PoisonReason: expect.stringMatching(reason), PoisonMessageId: expect.any(String) },
        },
      ]);
      // At its first receive, and without a word about its neighbours.
      const words = queue.log.filter(({ level }) => level >= 40).map(({ msg }) => msg);
      expect(words).toEqual(['Message sent to the dead-letter queue']);
      await world.drain();
      const { faults, rows, lost } = await judge(world.db, world.heard);
      expect(faults).toEqual([]);
      figures.points++;
      figures.survived++;
      figures.rows += rows;
      figures.lost += lost;
    }
    reportFaults(context, { row: 'poison of six kinds, at each place of a batch', ...figures });
  });
}

async function dispatchAll(queue: TestQueue): Promise<void> {
  const { queueUrl, deadLetterQueueUrl, logger } = queue;
  const stopping = new AbortController();
  const running = startDispatcher(
    { ...dispatcherDeps(world.immortal), sqs: world.immortal.sqs, logger, queueUrl, deadLetterQueueUrl },
    { signal: stopping.signal, sweepEveryMs: 3_600_000, waitTimeSeconds: 1 },
  );
  await vi.waitFor(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 1 }), {
    timeout: 20_000,
  });
  stopping.abort();
  await running;
}
