/** A thread that reads one day file after another: see day-file-readers.ts. */
import { parentPort } from 'node:worker_threads';
import type { DayFile } from './find-day-files.ts';
import { readFlatFile } from './flat-file.ts';
import { FlatFileError, type FlatFilePlace } from './flat-file-error.ts';
import { type PackedDelivery, packDelivery } from './packed-delivery.ts';
import type { Selection } from './selection.ts';

/** What a class adds to an error is lost between threads, hence the parts of a refusal. */
export type DayFileAnswer =
  | { readonly delivery: PackedDelivery }
  | { readonly refused: readonly [FlatFilePlace, string]; readonly error?: never }
  | { readonly refused?: never; readonly error: unknown };

parentPort?.on('message', (task: { file: DayFile; selection: Selection }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows: a thread has no origin
  void answer(task).then((found) => parentPort?.postMessage(found));
});

async function answer({ file, selection }: { file: DayFile; selection: Selection }): Promise<DayFileAnswer> {
  try {
    return { delivery: packDelivery(await readFlatFile(file, selection)) };
  } catch (error) {
    if (!(error instanceof FlatFileError)) return { error };
    const { line, field } = error;
    return { refused: [{ file: error.file, line, ...(field !== undefined && { field }) }, error.problem] };
  }
}
