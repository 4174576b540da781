import type { ClientBase } from 'pg';

/**
 * Sets the planner, for this transaction, to what a chunk needs: its symbols are few beside the tables, and statistics that lag
 * behind a backfill make the planner scan them whole. Parallel plans would lose the order that COPY is read in.
 */
export async function planByIndex(client: ClientBase): Promise<void> {
  await client.query(
    `select set_config(name, value, true)
       from (values ('enable_seqscan', 'off'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'),
                    ('enable_bitmapscan', 'off'), ('enable_indexscan', 'on'), ('max_parallel_workers_per_gather', '0'), ('jit', 'off'))
         as setting (name, value)`,
  );
}

/**
 * Sets the planner, for one statement over whole series, to read the table in the order that it lies in, and no page twice:
 * by the index each bar of a day costs a look at another page. `planByIndex` sets it back.
 */
export async function planByTable(client: ClientBase): Promise<void> {
  await client.query(
    `select set_config(name, value, true)
       from (values ('enable_bitmapscan', 'on'), ('enable_indexscan', 'off'), ('work_mem', '64MB'))
         as setting (name, value)`,
  );
}
