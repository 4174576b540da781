import type { AvailableDay } from './available-day.ts';
import type { ReadDayFile } from './day-file-readers.ts';
import { findDayFiles } from './find-day-files.ts';
import { fingerprintFlatFile, readFlatFile } from './flat-file.ts';
import { readSamples } from './samples.ts';
import type { Selection } from './selection.ts';

export type DayBounds = { readonly from?: string | undefined; readonly to?: string | undefined };

/** The day files below a folder. */
export async function flatFileDays(
  folder: string,
  { from, to }: DayBounds,
  selection: Selection = {},
  read: ReadDayFile = readFlatFile,
): Promise<AvailableDay[]> {
  const files = await findDayFiles(folder, { ...(from && { from }), ...(to && { to }) });
  return files.map((file) => ({
    tradingDay: file.tradingDay,
    fingerprint: () => fingerprintFlatFile(file, selection),
    read: (signal) => read(file, selection, signal),
  }));
}

/** The days of the sample bars. */
export async function sampleDays(
  { from, to }: DayBounds,
  selection: Selection = {},
): Promise<AvailableDay[]> {
  const deliveries = await readSamples(selection);
  return deliveries
    .filter(({ tradingDay }) => (!from || tradingDay >= from) && (!to || tradingDay <= to))
    .map((delivery) => ({
      tradingDay: delivery.tradingDay,
      fingerprint: () => Promise.resolve(delivery.fingerprint),
      read: () => Promise.resolve(delivery),
    }));
}
