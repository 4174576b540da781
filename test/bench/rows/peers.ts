import { copyStoreIn, createStore, rebuildByDuckDb, rebuildInStore } from '../floors/duckdb.ts';
import { rebuildNaively } from '../floors/naive.ts';
import { expectLevel } from '../floors/tables.ts';
import { deep, wide } from '../markets.ts';
import type { Row } from '../row.ts';
import { rebuildWith } from './rebuild.ts';

export const naive: Row = {
  word: 'naive',
  market: wide,
  rounds: 3,
  async measureOn(stand, { add }) {
    await add({
      works: [rebuildWith(stand, 1, null), rebuildWith(stand, 2, { faster: 8 })],
      floor: 'row_number, ordered array_agg, upsert',
      runFloor: () => rebuildNaively(stand),
      shows: 'times faster',
    });
    await expectLevel(stand, 'naive');
  },
};

export const duckDb: Row = {
  word: 'duckdb',
  market: wide,
  rounds: 3,
  async measureOn(stand, { add }) {
    await add({
      works: [rebuildWith(stand, 1, null), rebuildWith(stand, 2, { faster: 1.5 })],
      floor: 'PostgreSQL → CSV → DuckDB → CSV → PostgreSQL',
      runFloor: () => rebuildByDuckDb(stand),
      shows: 'times faster',
    });
    await expectLevel(stand, 'duckdb');
  },
};

export const duckDbStore: Row = {
  word: 'duckdb-store',
  market: deep,
  rounds: 5,
  async measureOn(stand, { add }) {
    const store = await createStore(stand);
    await add({
      works: [rebuildWith(stand, 1, null), rebuildWith(stand, 2, { faster: 1 })],
      floor: 'DuckDB inside its own file, no PostgreSQL',
      runFloor: () => rebuildInStore(store, stand),
      shows: 'times faster',
    });
    await copyStoreIn(store, stand);
    await expectLevel(stand, 'duckdb');
  },
};
