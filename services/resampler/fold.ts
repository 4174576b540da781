/**
 * The definition of a group, for all intervals in one pass over a symbol's bars.
 *
 * Invariant: a bar with ordinal o belongs to group floor(o / N) of each N. The ordinal counts the symbol's bars
 * from its first, whatever the calendar says.
 *
 *     ordinal   0   1   2   3   4   5   6   7
 *     N = 3    |----------||----------||------   forming, 2 of 3
 *     N = 5    |------------------||----------   forming, 3 of 5
 *
 * Open, close and dates are forwarded as the bytes that came; high and low are compared, volume is added, exactly.
 */
import { assertFiniteNotNegative, compareNumeric, exactKey, NumericSum, numericLength } from './numeric.ts';
import { copyHeader, copyTrailer, silverFields } from './silver-row.ts';

/** What to fold of one symbol, from the first bar that is read of it. */
export type FoldRange = {
  readonly symbol: string;
  /** Ordinal of the first bar that is read. */
  readonly ordinal: number;
  /** Per interval, the ordinal that the first wanted group starts at; Infinity: none wanted. */
  readonly firstOrdinals: readonly number[];
  /** Days since 2000-01-01: no group that starts later is wanted. */
  readonly through: number;
};

export type FoldedSymbol = {
  /** Ordinal after the last bar read. */
  readonly nextOrdinal: number;
  /** Date of the last bar read, in days since 2000-01-01; undefined: no bar was read. */
  readonly lastDate: number | undefined;
  /** Per interval, the start of the last group, in days since 2000-01-01. */
  readonly lastStarts: readonly (number | undefined)[];
};

/** A growing run of silver rows in binary COPY format. */
class RowBuffer {
  bytes: Uint8Array = new Uint8Array(4_096);
  length = copyHeader.length;

  constructor() {
    this.bytes.set(copyHeader);
  }

  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    // Fourfold: a chunk's rows are copied a few times at most.
    const grown = new Uint8Array(Math.max(this.bytes.length * 4, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}

class Group {
  readonly days: number;
  readonly rows = new RowBuffer();
  readonly volume = new NumericSum();
  firstOrdinal = 0;
  count = 0;
  start = 0;
  end = 0;
  lastStart: number | undefined;
  openBytes: Uint8Array = copyHeader;
  openAt = 0;
  highBytes: Uint8Array = copyHeader;
  highAt = 0;
  highKey = 0;
  lowBytes: Uint8Array = copyHeader;
  lowAt = 0;
  lowKey = 0;
  closeBytes: Uint8Array = copyHeader;
  closeAt = 0;

  constructor(days: number) {
    this.days = days;
  }
}

export class Fold {
  private readonly groups: readonly Group[];
  private symbol: Uint8Array = new Uint8Array();
  private ordinal = 0;
  private through = 0;
  private lastDate: number | undefined;

  /** @param intervals in days, ascending. */
  constructor(intervals: readonly number[]) {
    this.groups = intervals.map((days) => new Group(days));
  }

  begin(range: FoldRange): void {
    this.symbol = Buffer.from(range.symbol, 'latin1');
    this.ordinal = range.ordinal;
    this.through = range.through;
    this.lastDate = undefined;
    this.groups.forEach((group, index) => {
      group.firstOrdinal = range.firstOrdinals[index] ?? Infinity;
      group.count = 0;
      group.lastStart = undefined;
    });
  }

  /**
   * Takes the symbol's next bar. `bytes` must stay as they are until the symbol's end: groups refer to them.
   * @param date days since 2000-01-01; the others are offsets of binary numerics in `bytes`.
   */
  add(
    bytes: Uint8Array,
    date: number,
    openAt: number,
    highAt: number,
    lowAt: number,
    closeAt: number,
    volumeAt: number,
  ): void {
    if (this.lastDate !== undefined && date <= this.lastDate) {
      throw new RangeError(`bars out of order: day ${date} after day ${this.lastDate}`);
    }
    this.lastDate = date;
    assertFiniteNotNegative(bytes, volumeAt);
    const ordinal = this.ordinal++;
    const highKey = exactKey(bytes, highAt);
    const lowKey = exactKey(bytes, lowAt);
    for (const group of this.groups) {
      if (ordinal < group.firstOrdinal) continue;
      if (group.count === 0) {
        group.start = date;
        group.lastStart = date;
        group.openBytes = bytes;
        group.openAt = openAt;
        group.volume.reset();
        this.setHigh(group, bytes, highAt, highKey);
        this.setLow(group, bytes, lowAt, lowKey);
      } else {
        if (isGreater(highKey, group.highKey, bytes, highAt, group.highBytes, group.highAt)) {
          this.setHigh(group, bytes, highAt, highKey);
        }
        if (isGreater(group.lowKey, lowKey, group.lowBytes, group.lowAt, bytes, lowAt)) {
          this.setLow(group, bytes, lowAt, lowKey);
        }
      }
      group.end = date;
      group.closeBytes = bytes;
      group.closeAt = closeAt;
      group.volume.add(bytes, volumeAt);
      group.count++;
      if (group.count === group.days) this.finish(group);
    }
  }

  end(): FoldedSymbol {
    for (const group of this.groups) {
      if (group.count > 0) this.finish(group);
    }
    return {
      nextOrdinal: this.ordinal,
      lastDate: this.lastDate,
      lastStarts: this.groups.map((group) => group.lastStart),
    };
  }

  /** The rows of the interval at `index` so far: header, rows in the order of the input, trailer. */
  rows(index: number): Uint8Array {
    const { rows } = this.groups[index] as Group;
    rows.reserve(copyTrailer.length);
    rows.bytes.set(copyTrailer, rows.length);
    return rows.bytes.subarray(0, rows.length + copyTrailer.length);
  }

  private setHigh(group: Group, bytes: Uint8Array, at: number, key: number): void {
    group.highBytes = bytes;
    group.highAt = at;
    group.highKey = key;
  }

  private setLow(group: Group, bytes: Uint8Array, at: number, key: number): void {
    group.lowBytes = bytes;
    group.lowAt = at;
    group.lowKey = key;
  }

  private finish(group: Group): void {
    const barCount = group.count;
    group.count = 0;
    if (group.start > this.through) return;
    const { rows, volume } = group;
    const symbolLength = this.symbol.length;
    const openLength = numericLength(group.openBytes, group.openAt);
    const highLength = numericLength(group.highBytes, group.highAt);
    const lowLength = numericLength(group.lowBytes, group.lowAt);
    const closeLength = numericLength(group.closeBytes, group.closeAt);
    rows.reserve(64 + symbolLength + openLength + highLength + lowLength + closeLength + volume.maxLength());
    const out = rows.bytes;
    let at = rows.length;
    out[at++] = 0;
    out[at++] = silverFields;
    at = putBytes(out, at, this.symbol, 0, symbolLength);
    at = putInt32Field(out, at, group.start);
    at = putInt32Field(out, at, group.end);
    at = putBytes(out, at, group.openBytes, group.openAt, openLength);
    at = putBytes(out, at, group.highBytes, group.highAt, highLength);
    at = putBytes(out, at, group.lowBytes, group.lowAt, lowLength);
    at = putBytes(out, at, group.closeBytes, group.closeAt, closeLength);
    const volumeLength = volume.write(out, at + 4);
    putInt32(out, at, volumeLength);
    rows.length = putInt32Field(out, at + 4 + volumeLength, barCount);
  }
}

/** By the keys where both are exact, by the digits otherwise. */
function isGreater(
  aKey: number,
  bKey: number,
  a: Uint8Array,
  aAt: number,
  b: Uint8Array,
  bAt: number,
): boolean {
  if (aKey > bKey) return true;
  if (aKey <= bKey) return false;
  return compareNumeric(a, aAt, b, bAt) > 0;
}

function putBytes(out: Uint8Array, at: number, from: Uint8Array, start: number, length: number): number {
  putInt32(out, at, length);
  const target = at + 4;
  for (let index = 0; index < length; index++) out[target + index] = from[start + index] as number;
  return target + length;
}

function putInt32Field(out: Uint8Array, at: number, value: number): number {
  putInt32(out, at, 4);
  putInt32(out, at + 4, value);
  return at + 8;
}

function putInt32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = (value >>> 16) & 0xff;
  out[at + 2] = (value >>> 8) & 0xff;
  out[at + 3] = value & 0xff;
}
