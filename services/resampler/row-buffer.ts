import { type NumericSum, numericLength } from './numeric.ts';
import { silverFields } from './silver-row.ts';

/** A row of ordinary prices takes fewer bytes. */
const bytesPerRow = 144;
/** Of a row without its symbol and numerics. */
const fixedBytes = 64;

/** A growing run of silver rows as `silver-row.ts` draws them. */
export class RowBuffer {
  private bytes: Uint8Array;
  private length = 0;
  private symbol: Uint8Array = new Uint8Array();

  /** @param expected about as many rows as will come. */
  constructor(expected = 0) {
    this.bytes = new Uint8Array(expected * bytesPerRow);
  }

  /** Rows begun from now on are of this symbol. */
  setSymbol(symbol: string): void {
    const text = Buffer.from(symbol, 'latin1');
    // Not a Buffer: `put` is fast while it sees one class only.
    this.symbol = new Uint8Array(4 + text.length);
    this.symbol[3] = text.length;
    this.symbol.set(text, 4);
  }

  /** Dates are days since 2000-01-01. */
  begin(startDate: number, endDate: number): void {
    this.reserve(fixedBytes + this.symbol.length);
    this.bytes[this.length++] = 0;
    this.bytes[this.length++] = silverFields;
    this.put(this.symbol, 0, this.symbol.length);
    this.putInt32Field(startDate);
    this.putInt32Field(endDate);
  }

  putNumeric(from: Uint8Array, start: number): void {
    const length = numericLength(from, start);
    this.reserve(fixedBytes + length);
    this.putInt32(length);
    this.put(from, start, length);
  }

  putSum(sum: NumericSum): void {
    this.reserve(fixedBytes + sum.maxLength());
    const length = sum.write(this.bytes, this.length + 4);
    this.putInt32(length);
    this.length += length;
  }

  end(barCount: number): void {
    this.putInt32Field(barCount);
  }

  get rows(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(this.bytes.length * 2 + more);
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  private put(from: Uint8Array, start: number, length: number): void {
    const { bytes } = this;
    const at = this.length;
    // A call of TypedArray.set takes longer than these few bytes.
    for (let index = 0; index < length; index++) bytes[at + index] = from[start + index] as number;
    this.length = at + length;
  }

  private putInt32Field(value: number): void {
    this.putInt32(4);
    this.putInt32(value);
  }

  private putInt32(value: number): void {
    const { bytes } = this;
    const at = this.length;
    bytes[at] = value >>> 24;
    bytes[at + 1] = (value >>> 16) & 0xff;
    bytes[at + 2] = (value >>> 8) & 0xff;
    bytes[at + 3] = value & 0xff;
    this.length = at + 4;
  }
}
