import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { isDay } from '../../shared/calendar/day.ts';
import type { DayBounds } from '../available-days.ts';
import { TwoFilesOfOneDayError } from '../find-day-files.ts';
import type { S3Place } from './s3-place.ts';

export type DayObject = {
  readonly tradingDay: string;
  readonly key: string;
  /** Of the content: another one when the file was replaced. */
  readonly etag: string;
  readonly bytes: number;
};

/**
 * Lists the objects named `YYYY-MM-DD.csv.gz` or `.csv` at any depth below a place, in date order; nothing is downloaded.
 * @throws {TwoFilesOfOneDayError} naming both.
 */
export async function listDayObjects(
  client: S3Client,
  { bucket, prefix }: S3Place,
  { from = '0000-00-00', to = '9999-99-99' }: DayBounds,
  signal: AbortSignal,
): Promise<DayObject[]> {
  const found = new Map<string, DayObject>();
  const pages = paginateListObjectsV2(
    { client },
    { Bucket: bucket, Prefix: prefix },
    { abortSignal: signal },
  );
  for await (const { Contents = [] } of pages) {
    for (const { Key: key = '', ETag: etag = '', Size: bytes = 0 } of Contents) {
      const tradingDay = /(?:^|\/)(\d{4}-\d{2}-\d{2})\.csv(?:\.gz)?$/.exec(key)?.[1];
      if (!tradingDay || !isDay(tradingDay) || tradingDay < from || tradingDay > to) continue;
      const other = found.get(tradingDay);
      if (other)
        throw new TwoFilesOfOneDayError(tradingDay, `s3://${bucket}/${other.key}`, `s3://${bucket}/${key}`);
      found.set(tradingDay, { tradingDay, key, etag, bytes });
    }
  }
  return [...found.values()].sort((a, b) => (a.tradingDay < b.tradingDay ? -1 : 1));
}
