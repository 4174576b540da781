import type { AvailableDay } from './available-day.ts';
import { type DayBounds, flatFileDays } from './available-days.ts';
import type { ReadDayFile } from './day-file-readers.ts';
import type { S3Config } from './s3/s3-config.ts';
import { readS3Place } from './s3/s3-place.ts';
import type { Selection } from './selection.ts';

/** A folder of day files; with `s3` one in a bucket, `s3://bucket/folder`. */
export type DayFilesPlace = { readonly path: string; readonly s3: S3Config | undefined };

export type Reading = {
  readonly selection: Selection;
  readonly read: ReadDayFile;
  readonly signal: AbortSignal;
};

/** The day files below a folder, or a folder in a bucket, in date order. */
export async function dayFilesAt(
  { path, s3 }: DayFilesPlace,
  bounds: DayBounds,
  { selection, read, signal }: Reading,
): Promise<AvailableDay[]> {
  if (s3 === undefined) return await flatFileDays(path, bounds, selection, read);
  // The SDK takes long to load: only who needs it waits.
  const { s3Days } = await import('./s3/s3-days.ts');
  return await s3Days({ config: s3, read, signal }, readS3Place(path), bounds, selection);
}
