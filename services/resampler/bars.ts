/**
 * Bars of many symbols as a binary COPY sent them, in whatever order: the bytes, and the numbers to reckon with.
 *
 *     int16 7 | symbol | date | open | high | low | close | volume        each field after an int32 of its length
 *
 * Read in the order that the table lies in, bars cost PostgreSQL two thirds of what they cost by the index: putting them in
 * order is cheaper here.
 */
import { assertFiniteNotNegative, exactKey, scaleOf, takeApart } from './numeric.ts';
import { copyHeader, int32 } from './silver-row.ts';

/** A row of ordinary prices takes fewer. */
const bytesPerBar = 104;

/** What stands where in the numbers of a bar: dates in days since 2000-01-01, and the places of binary numerics in `bytes`. */
export const intOf = {
  date: 0,
  openAt: 1,
  highAt: 2,
  lowAt: 3,
  closeAt: 4,
  volumeAt: 5,
  volumeScale: 6,
  /** Which of the symbols, from 0. */
  position: 7,
} as const;
/** `exactKey` of high and low, and the volume as `takeApart` gives it. */
export const floatOf = { highKey: 0, lowKey: 1, volume: 2, volumeFraction: 3 } as const;

export const intsPerBar = 8;
export const floatsPerBar = 4;

export class Bars {
  count = 0;
  /** What the places refer to; of use when all is taken. */
  bytes: Uint8Array;
  /** Of bar b, from b × `intsPerBar` on: side by side, for the bars of a symbol lie far apart. */
  ints: Int32Array;
  floats: Float64Array;

  private readonly symbols: readonly Uint8Array[];
  private positions: Map<string, number> | undefined;
  private length = 0;
  /** Where the first row that is not yet whole starts. */
  private parsed = 0;
  private current = 0;

  /**
   * @param symbols each once.
   * @param expected about as many bars as will come.
   */
  constructor(symbols: readonly string[], expected = 64) {
    const room = Math.max(64, expected);
    this.symbols = symbols.map((symbol) => Buffer.from(symbol, 'latin1'));
    this.bytes = new Uint8Array(room * bytesPerBar);
    this.ints = new Int32Array(room * intsPerBar);
    this.floats = new Float64Array(room * floatsPerBar);
  }

  /** The bytes taken next are of a new COPY. */
  beginCopy(): void {
    this.parsed = this.length + copyHeader.length;
  }

  /** Takes the next bytes of the COPY, copying them. */
  take(bytes: Uint8Array): void {
    if (this.length + bytes.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + bytes.length));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    this.readRows();
  }

  /** The bars by symbol, then date: `order` lists them, those of the symbol at p from `starts[p]` to before `starts[p + 1]`. */
  bySymbol(): { order: Int32Array; starts: Int32Array } {
    const { ints, count } = this;
    const symbols = this.symbols.length;
    const starts = new Int32Array(symbols + 1);
    for (let at: number = intOf.position; at < count * intsPerBar; at += intsPerBar) {
      (starts[(ints[at] as number) + 1] as number)++;
    }
    for (let each = 0; each < symbols; each++) (starts[each + 1] as number) += starts[each] as number;
    const order = new Int32Array(count);
    const free = starts.slice();
    for (let bar = 0; bar < count; bar++) {
      order[(free[ints[bar * intsPerBar + intOf.position] as number] as number)++] = bar;
    }
    for (let each = 0; each < symbols; each++)
      this.sortByDate(order.subarray(starts[each], starts[each + 1]));
    return { order, starts };
  }

  /** Days since 2000-01-01. */
  dateOf(bar: number): number {
    return this.ints[bar * intsPerBar + intOf.date] as number;
  }

  /** Reads the rows that are whole by now. */
  private readRows(): void {
    const { bytes, length } = this;
    for (;;) {
      const at = this.parsed;
      // The trailer is shorter, so it ends the reading as half a row does.
      if (at + 6 > length) return;
      const date = at + 6 + int32(bytes, at + 2) + 4;
      const open = date + 8;
      if (open > length) return;
      const high = fieldAfter(bytes, open);
      if (high > length) return;
      const low = fieldAfter(bytes, high);
      if (low > length) return;
      const close = fieldAfter(bytes, low);
      if (close > length) return;
      const volume = fieldAfter(bytes, close);
      if (volume > length) return;
      const next = fieldAfter(bytes, volume) - 4;
      if (next > length) return;
      assertFiniteNotNegative(bytes, volume);
      if (this.count * intsPerBar === this.ints.length) this.grow();
      const { ints, floats } = this;
      const int = this.count * intsPerBar;
      ints[int + intOf.date] = int32(bytes, date);
      ints[int + intOf.openAt] = open;
      ints[int + intOf.highAt] = high;
      ints[int + intOf.lowAt] = low;
      ints[int + intOf.closeAt] = close;
      ints[int + intOf.volumeAt] = volume;
      ints[int + intOf.volumeScale] = scaleOf(bytes, volume);
      ints[int + intOf.position] = this.positionOf(at + 6, date - 4);
      const float = this.count * floatsPerBar;
      floats[float + floatOf.highKey] = exactKey(bytes, high);
      floats[float + floatOf.lowKey] = exactKey(bytes, low);
      takeApart(bytes, volume, floats, float + floatOf.volume);
      this.count++;
      this.parsed = next;
    }
  }

  /** Rows mostly come of the same symbol as the last, or of the next. */
  private positionOf(start: number, end: number): number {
    if (!this.isSymbol(this.current, start, end)) {
      this.current++;
      if (!this.isSymbol(this.current, start, end)) this.current = this.lookUp(start, end);
    }
    return this.current;
  }

  private isSymbol(position: number, start: number, end: number): boolean {
    const symbol = this.symbols[position];
    if (symbol === undefined || symbol.length !== end - start) return false;
    // From the end, where neighbours differ.
    for (let index = symbol.length - 1; index >= 0; index--) {
      if (symbol[index] !== this.bytes[start + index]) return false;
    }
    return true;
  }

  private lookUp(start: number, end: number): number {
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
    this.positions ??= new Map(this.symbols.map((symbol, position) => [text(symbol), position]));
    const symbol = text(this.bytes.subarray(start, end));
    const position = this.positions.get(symbol);
    if (position === undefined) throw new RangeError(`COPY gave a bar of ${symbol}, which was not asked for`);
    return position;
  }

  private sortByDate(bars: Int32Array): void {
    for (let place = 1; place < bars.length; place++) {
      if (this.dateOf(bars[place] as number) < this.dateOf(bars[place - 1] as number)) {
        bars.sort((a, b) => this.dateOf(a) - this.dateOf(b));
        return;
      }
    }
  }

  private grow(): void {
    const { ints, floats } = this;
    this.ints = new Int32Array(ints.length * 2);
    this.ints.set(ints);
    this.floats = new Float64Array(floats.length * 2);
    this.floats.set(floats);
  }
}

/** Where the data of the field after the one whose data starts at `data` starts. */
function fieldAfter(bytes: Uint8Array, data: number): number {
  return data + int32(bytes, data - 4) + 4;
}
