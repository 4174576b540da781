import { copySilverIn } from '../../sql/queries/copy-out.ts';
import { writeSilver } from '../../sql/queries/write-silver.ts';
import type { Client } from '../shared/database.ts';
import { copyIn } from './copy.ts';
import type { Recomputed } from './recompute.ts';
import { copyHeader, copyTrailer, nextRow, readBar } from './silver-row.ts';

/** From here on COPY, with two round trips of its own, is faster than an insert with parameters. */
const copyFrom = 100;

/** Makes the stored rows the folded ones, writing only what differs. */
export async function writeDiffs(client: Client, intervals: readonly Recomputed[]): Promise<void> {
  const changes = intervals.map(({ days, folded, diff }) => {
    const singles =
      diff.freshRows < copyFrom ? [...diff.changed, ...rowsOf(folded, diff.fresh)] : diff.changed;
    return { days, gone: diff.gone, bars: singles.map((at) => readBar(folded, at)) };
  });
  if (changes.some(({ gone, bars }) => gone.length + bars.length > 0)) await writeSilver(client, changes);
  for (const { days, folded, diff } of intervals) {
    if (diff.freshRows >= copyFrom) await copyIn(client, copySilverIn(days), freshRuns(folded, diff.fresh));
  }
}

function* freshRuns(folded: Uint8Array, fresh: readonly number[]): Generator<Uint8Array> {
  yield copyHeader;
  for (let run = 0; run < fresh.length; run += 2) yield folded.subarray(fresh[run], fresh[run + 1]);
  yield copyTrailer;
}

function* rowsOf(folded: Uint8Array, fresh: readonly number[]): Generator<number> {
  for (let run = 0; run < fresh.length; run += 2) {
    const end = fresh[run + 1] as number;
    for (let at = fresh[run] as number; at < end; at = nextRow(folded, at)) yield at;
  }
}
