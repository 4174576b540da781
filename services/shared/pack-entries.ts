export type BusEntry = {
  /** The outbox row. */
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** JSON text. */
  readonly detail: string;
  readonly time: Date;
};

export type Packed = {
  /** What goes into one request each, in the order of the entries. */
  readonly requests: BusEntry[][];
  /** Entries that EventBridge can never take. */
  readonly tooLarge: BusEntry[];
};

/** PutEvents takes 10 entries a request. */
const maxEntries = 10;
/** "The total entry size must be less than 256KB" (EventBridge user guide, calculating PutEvents event entry size). */
export const maxRequestBytes = 256 * 1024 - 1;
/** What the same page counts for an entry's time, whatever it is. */
const timeBytes = 14;

/** Size of an entry in bytes, as EventBridge counts it. */
export function entryBytes(entry: BusEntry): number {
  return (
    timeBytes +
    Buffer.byteLength(entry.source) +
    Buffer.byteLength(entry.detailType) +
    Buffer.byteLength(entry.detail)
  );
}

/** Fills requests in order, each as full as EventBridge allows. */
export function packEntries(entries: readonly BusEntry[]): Packed {
  const requests: BusEntry[][] = [];
  const tooLarge: BusEntry[] = [];
  let request: BusEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entryBytes(entry);
    if (size > maxRequestBytes) {
      tooLarge.push(entry);
      continue;
    }
    if (request.length === maxEntries || bytes + size > maxRequestBytes) {
      requests.push(request);
      request = [];
      bytes = 0;
    }
    request.push(entry);
    bytes += size;
  }
  if (request.length > 0) requests.push(request);
  return { requests, tooLarge };
}
