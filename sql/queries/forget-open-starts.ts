import type { ClientBase } from 'pg';

/** Declares the newest groups' starts unknown, where they are of other intervals than now. The symbols must be locked. */
export async function forgetOpenStarts(client: ClientBase, symbols: readonly string[]): Promise<void> {
  await client.query(
    'update ops.symbol set open_start = null where symbol = any($1::text[]) and open_start is not null',
    [symbols],
  );
}
