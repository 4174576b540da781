import type { ClientBase } from 'pg';

/** The fingerprints of the deliveries taken in from a source, by trading day. */
export async function readFingerprints(client: ClientBase, source: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ tradingDay: string; fingerprint: string }>(
    'select trading_day as "tradingDay", fingerprint from ops.trading_day where source = $1',
    [source],
  );
  return new Map(rows.map((row) => [row.tradingDay, row.fingerprint]));
}
