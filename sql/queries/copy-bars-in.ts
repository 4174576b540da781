import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Appends bars that are not there, in COPY's text format: symbol, date, open, high, low, close, volume. */
export async function copyBarsIn(client: ClientBase, lines: string): Promise<void> {
  const stream = client.query(
    copyFrom('copy public.raw_ohlcv (symbol, date, open, high, low, close, volume) from stdin'),
  );
  await new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve);
    stream.once('error', reject);
    stream.end(lines);
  });
}
