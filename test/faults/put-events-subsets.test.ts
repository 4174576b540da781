/** Each of the 1,024 subsets of a batch of ten events, not taken at first: exactly those are sent again, and are published then. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishOutbox } from '../../services/shared/publish-outbox.ts';
import { putEvents } from '../../services/shared/put-events.ts';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';
import { type ScriptedEventBridge, startScriptedEventBridge } from '../support/scripted-event-bridge.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { logger, never } from './support/world.ts';

const batch = 10;
const subsets = 2 ** batch;
/** Waits between attempts are what takes time. */
const atOnce = 64;
const row = 'every failing subset of a PutEvents batch';

let database: TestDatabase;
let bus: ScriptedEventBridge;
beforeAll(async () => {
  [database, bus] = await Promise.all([createTestDatabase(), startScriptedEventBridge()]);
});
afterAll(async () => {
  await Promise.all([database.drop(), bus.close()]);
});
beforeEach(() => {
  bus.requests.length = 0;
});

const isIn = (subset: number, position: number) => (subset & (1 << position)) !== 0;
const positions = Array.from({ length: batch }, (_, position) => position);

test('those that the bus did not take for now are sent again, alone', {
  timeout: 120_000,
}, async (context) => {
  type Body = { subset: number; position: number };
  const bodyOf = ({ Detail }: { Detail: string }) => JSON.parse(Detail) as Body;
  const taken: string[] = [];
  const met = new Set<string>();
  bus.script((entry) => {
    const { subset, position } = bodyOf(entry);
    const isNew = met.size < met.add(entry.Detail).size;
    if (isNew && isIn(subset, position)) return 'InternalFailure';
    taken.push(entry.Detail);
    return null;
  });
  const queue = Array.from({ length: subsets }, (_, subset) => subset).values();
  const work = async () => {
    for (const subset of queue) {
      const entries = positions.map((position) => ({
        id: String(position),
        source: 'test',
        detailType: 'Test',
        detail: JSON.stringify({ subset, position }),
        time: new Date(),
      }));
      const outcomes = await putEvents({ eventBridge: bus.client, busName: 'bus' }, entries, never);
      expect(outcomes.map(({ state }) => state)).toEqual(positions.map(() => 'published'));
      const attemptsOf = new Map(outcomes.map(({ entry, attempts }) => [Number(entry.id), attempts]));
      expect(positions.map((position) => attemptsOf.get(position))).toEqual(
        positions.map((position) => (isIn(subset, position) ? 2 : 1)),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  expect(new Set(taken).size).toBe(subsets * batch);
  expect(taken).toHaveLength(subsets * batch);
  for (const subset of [0, 1, 0b1010101010, subsets - 1]) {
    const requests = bus.requests.filter((entries) =>
      entries.some((entry) => bodyOf(entry).subset === subset),
    );
    const again = positions.filter((position) => isIn(subset, position));
    expect(requests.map((entries) => entries.map((entry) => bodyOf(entry).position))).toEqual(
      again.length === 0 ? [positions] : [positions, again],
    );
  }
  reportFaults(context, { row, points: subsets, survived: subsets, rows: 0, lost: 0 });
});

test('those that the bus refuses stay in the outbox, and those alone', {
  timeout: 240_000,
}, async (context) => {
  const step = isFull ? 1 : 31;
  let tried = 0;
  for (let subset = 0; subset < subsets; subset += step) {
    await database.db.query('truncate ops.outbox restart identity');
    await database.db.query(
      `insert into ops.outbox (event_id, source, detail_type, detail)
       select gen_random_uuid(), 'test', 'Test', json_build_object('position', position) from unnest($1::int[]) as position`,
      [positions],
    );
    const taken: number[] = [];
    const publish = async (refuses: (position: number) => boolean) => {
      bus.script(({ Detail }) => {
        const { position } = JSON.parse(Detail) as { position: number };
        if (refuses(position)) return 'MalformedDetail';
        taken.push(position);
        return null;
      });
      return await publishOutbox(
        { db: database.db, eventBridge: bus.client, busName: 'bus', logger },
        { signal: never },
      );
    };
    const refused = positions.filter((position) => isIn(subset, position));
    expect(await publish((position) => refused.includes(position))).toEqual({
      published: batch - refused.length,
      failed: refused.length,
    });
    const left = await database.db.query<{ position: number }>(
      `select (detail ->> 'position')::int as position from ops.outbox where published_at is null order by 1`,
    );
    expect(left.map(({ position }) => position)).toEqual(refused);
    expect(await publish(() => false)).toEqual({ published: refused.length, failed: 0 });
    expect(taken.toSorted((a, b) => a - b)).toEqual(positions);
    tried++;
  }
  reportFaults(context, { row, points: tried, survived: tried, rows: 0, lost: 0 });
});
