import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AvailableDay } from '../available-day.ts';
import type { DayBounds } from '../available-days.ts';
import type { Delivery } from '../bar.ts';
import type { ReadDayFile } from '../day-file-readers.ts';
import { FlatFileError } from '../flat-file-error.ts';
import { fingerprintOf, type Selection } from '../selection.ts';
import { download } from './download.ts';
import { type DayObject, listDayObjects } from './list-day-objects.ts';
import { createS3Client } from './s3-client.ts';
import type { S3Config } from './s3-config.ts';
import { explainS3Error } from './s3-error.ts';
import type { S3Place } from './s3-place.ts';

export type S3Deps = { readonly config: S3Config; readonly read: ReadDayFile; readonly signal: AbortSignal };

/**
 * The day files below a place in a bucket. A day is named by the object's ETag and size, which the listing says: what bronze has
 * taken in is not downloaded again, and a file that was replaced is.
 * @throws {S3Error} if it cannot be listed.
 */
export async function s3Days(
  { config, read, signal }: S3Deps,
  place: S3Place,
  bounds: DayBounds,
  selection: Selection = {},
): Promise<AvailableDay[]> {
  const client = createS3Client(config);
  const url = (key: string) => `s3://${place.bucket}/${key}`;
  const objects = await listDayObjects(client, place, bounds, signal).catch((error: unknown) => {
    throw explainS3Error(error, url(place.prefix), config);
  });

  async function readObject({ tradingDay, key }: DayObject, stop: AbortSignal): Promise<Delivery> {
    const folder = await mkdtemp(join(tmpdir(), 'fibbars-s3-'));
    const path = join(folder, basename(key));
    try {
      const found = await download(client, { bucket: place.bucket, key, file: path }, stop);
      const delivery = await read({ tradingDay, path }, selection, stop);
      return { ...delivery, fingerprint: fingerprintOfObject(found, selection) };
    } catch (error) {
      throw error instanceof FlatFileError
        ? elsewhere(error, url(key))
        : explainS3Error(error, url(key), config);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  return objects.map((object) => ({
    tradingDay: object.tradingDay,
    fingerprint: () => Promise.resolve(fingerprintOfObject(object, selection)),
    read: (stop) => readObject(object, stop),
  }));
}

function fingerprintOfObject(
  { etag, bytes }: { readonly etag: string; readonly bytes: number },
  selection: Selection,
): string {
  return fingerprintOf(`object ${etag.replaceAll('"', '')} ${bytes}`, selection);
}

/** The file that it names is gone when a user reads it. */
function elsewhere({ line, field, problem }: FlatFileError, file: string): FlatFileError {
  return new FlatFileError({ file, line, ...(field !== undefined && { field }) }, problem);
}
