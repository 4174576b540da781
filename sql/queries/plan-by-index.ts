import type { ClientBase } from 'pg';

/**
 * How to plan what a chunk needs: its symbols are few beside the tables, and statistics that lag behind a backfill make the
 * planner scan them whole. Parallel plans would lose the order that COPY is read in. Only one kind of plan is then left, so that
 * planning anew for each set of symbols gains nothing.
 */
export const indexPlans = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_bitmapscan: 'off',
  enable_indexscan: 'on',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
} as const;

/**
 * How to plan what must meet rows in the order of their key, be they few or nearly all: they are looked up one after another, or the
 * key is gone along. Which is less work depends on how many they are, so each call is planned for itself.
 */
export const keyOrderPlans = {
  ...indexPlans,
  enable_mergejoin: 'on',
  plan_cache_mode: 'force_custom_plan',
} as const;

/** Sets `indexPlans` in the middle of a transaction. */
export async function planByIndex(client: ClientBase): Promise<void> {
  await setLocally(client, indexPlans);
}

/**
 * Sets the planner, for one statement over whole series, to read the table in the order that it lies in, and no page twice:
 * by the index each bar of a day costs a look at another page. `planByIndex` sets it back.
 */
export async function planByTable(client: ClientBase): Promise<void> {
  await setLocally(client, { enable_bitmapscan: 'on', enable_indexscan: 'off', work_mem: '64MB' });
}

async function setLocally(client: ClientBase, settings: Readonly<Record<string, string>>): Promise<void> {
  await client.query(
    'select set_config(name, value, true) from unnest($1::text[], $2::text[]) as setting (name, value)',
    [Object.keys(settings), Object.values(settings)],
  );
}
