import { afterAll, beforeAll, expect, test } from 'vitest';
import { consumedBefore } from '../../../services/shared/idempotency.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const consume = (consumer: string, key: string) =>
  database.db.transaction((client) => consumedBefore(client, consumer, [key]));

test('a key counts once for each consumer', async () => {
  expect(await consume('dispatcher', 'a')).toBe(false);
  expect(await consume('dispatcher', 'a')).toBe(true);
  expect(await consume('subscriber', 'a')).toBe(false);
  expect(await consume('dispatcher', 'b')).toBe(false);
});

test('is forgotten when the transaction rolls back', async () => {
  const work = database.db.transaction(async (client) => {
    await consumedBefore(client, 'dispatcher', ['rolled back']);
    throw new Error('handler failed');
  });
  await expect(work).rejects.toThrow('handler failed');
  expect(await consume('dispatcher', 'rolled back')).toBe(false);
});

test('of two at once, one is first and the other waits for its outcome', async () => {
  const results = await Promise.all(Array.from({ length: 8 }, () => consume('dispatcher', 'race')));
  expect(results.filter((before) => !before)).toHaveLength(1);
});
