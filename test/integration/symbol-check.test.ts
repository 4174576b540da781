import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const store = (symbol: string) =>
  database.db.query(`insert into ops.symbol (symbol, source) values ($1, 'test')`, [symbol]);

test.each(['A', '0', 'a', 'BRK.A', 'A/B', 'A-B', 'TRUE', 'null', 'CpS', 'A'.repeat(20), '9.-/'])(
  'the database takes %s for a symbol',
  async (symbol) => {
    expect(await store(symbol)).toEqual([]);
  },
);

test.each([
  '',
  ' A',
  'A ',
  '.A',
  '/A',
  '-A',
  'A'.repeat(21),
  'A B',
  'A\n',
  '\nA',
  'Ä',
  'AÄ',
  'A_B',
  'A,B',
  '"A"',
])('the database refuses %j for a symbol', async (symbol) => {
  await expect(store(symbol)).rejects.toThrow('symbol_symbol_check');
});
