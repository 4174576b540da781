import { readResults } from './aggregates.ts';
import type { MassiveClient } from './massive-client.ts';
import { MassiveError } from './massive-error.ts';
import { readPages } from './read-pages.ts';

/**
 * The records of all splits with an ex-date from `from` to `to`, as they are.
 * Source: https://massive.com/docs/rest/stocks/corporate-actions/splits, and reference-splits for the older address, which is
 * asked where there is no other.
 */
export async function readSplitRecords(
  client: MassiveClient,
  { from, to }: { from: string; to: string },
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const dates = { 'execution_date.gte': from, 'execution_date.lte': to };
  const all = async (url: URL) => (await readPages(client, url, readResults, signal)).flat();
  try {
    return await all(client.url('/stocks/v1/splits', { ...dates, limit: '5000' }));
  } catch (error) {
    const without = error instanceof MassiveError && ['not found', 'not entitled'].includes(error.problem);
    if (!without) throw error;
    return await all(client.url('/v3/reference/splits', { ...dates, limit: '1000' }));
  }
}
