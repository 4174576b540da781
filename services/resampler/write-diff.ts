import { copySilverIn } from '../../sql/queries/copy-out.ts';
import { deleteSilver, upsertSilver } from '../../sql/queries/write-silver.ts';
import type { Client } from '../shared/database.ts';
import { copyIn } from './copy.ts';
import type { Recomputed } from './recompute.ts';
import { copyHeader, copyTrailer, nextRow, readBar } from './silver-row.ts';

/** From here on COPY, with two round trips of its own, is faster than an insert with parameters. */
const copyFrom = 100;

/** Makes the stored rows of one interval the folded ones, writing only what differs. */
export async function writeDiff(client: Client, { days, folded, diff }: Recomputed): Promise<void> {
  if (diff.gone.length > 0) await deleteSilver(client, days, diff.gone);
  const singles = [...diff.changed];
  if (diff.freshRows >= copyFrom) {
    await copyIn(client, copySilverIn(days), freshRuns(folded, diff.fresh));
  } else {
    singles.push(...rowsOf(folded, diff.fresh));
  }
  if (singles.length > 0) {
    await upsertSilver(
      client,
      days,
      singles.map((at) => readBar(folded, at)),
    );
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
