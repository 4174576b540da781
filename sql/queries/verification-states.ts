import type { ClientBase } from 'pg';

export type VerificationState = {
  readonly symbol: string;
  readonly baseOrdinal: number;
  /** Whether invalidations are pending: then silver need not be right yet. */
  readonly pending: boolean;
};

/** What verification needs to know of each symbol, in the order given. */
export async function verificationStates(
  client: ClientBase,
  symbols: readonly string[],
): Promise<VerificationState[]> {
  const { rows } = await client.query<VerificationState>(
    `select wanted.symbol, coalesce(state.base_ordinal, 0) as "baseOrdinal",
            exists (select from ops.invalidation where symbol = wanted.symbol) as pending
       from unnest($1::text[]) with ordinality as wanted (symbol, position)
       left join ops.symbol state on state.symbol = wanted.symbol
      order by wanted.position`,
    [symbols],
  );
  return rows;
}
