import type { Stand } from '../stand.ts';

type Place = Pick<Stand, 'db' | 'intervals'>;

export const silverColumns = 'symbol, start_date, end_date, open, high, low, close, volume, bar_count';
export const bronzeColumns = 'symbol, date, open, high, low, close, volume';

/** Makes tables like silver, keys and fillfactor included: bench.<name>_3d and so on. */
export async function createTables({ db, intervals }: Place, name: string): Promise<void> {
  await db.query('create schema if not exists bench');
  for (const days of intervals) {
    await db.query(`drop table if exists bench.${name}_${days}d`);
    await db.query(
      `create table bench.${name}_${days}d (like public.silver_${days}d including all) with (fillfactor = 90)`,
    );
  }
}

/** Makes the floor tables, with the rows that silver has. Vacuums all, so that neither side pays for what was written before. */
export async function createLevelFloors(place: Place): Promise<void> {
  await createTables(place, 'floor');
  for (const days of place.intervals) {
    await place.db.query(
      `insert into bench.floor_${days}d select ${silverColumns} from public.silver_${days}d order by symbol, start_date`,
    );
  }
  await place.db.query('vacuum analyze');
}

/** @throws if bench.<name>_3d and so on do not hold what silver holds: then the two did not do the same. */
export async function expectLevel({ db, intervals }: Place, name: string): Promise<void> {
  for (const days of intervals) {
    const [row] = await db.query<{ differing: number }>(
      `select count(*)::int as differing from (
         (select ${silverColumns} from public.silver_${days}d except all select ${silverColumns} from bench.${name}_${days}d)
         union all
         (select ${silverColumns} from bench.${name}_${days}d except all select ${silverColumns} from public.silver_${days}d)
       ) difference`,
    );
    if (row?.differing !== 0)
      throw new Error(`${row?.differing} rows differ between silver_${days}d and bench.${name}_${days}d`);
  }
}
