import { nextRow, readBar, type SilverBar } from '../../services/resampler/silver-row.ts';
import { toDays } from '../../services/resampler/trading-date.ts';
import { binaryNumeric } from './binary-numeric.ts';

/** Silver bars as rows of a binary COPY; an implementation of its own, to test against. */
export function silverBytes(bars: readonly SilverBar[]): Uint8Array {
  return Buffer.concat(bars.map(rowOf));
}

/** The bars of such rows. */
export function silverBars(bytes: Uint8Array): SilverBar[] {
  const bars: SilverBar[] = [];
  for (let at = 0; at < bytes.length; at = nextRow(bytes, at)) {
    bars.push(readBar(bytes, at));
  }
  return bars;
}

function rowOf(bar: SilverBar): Uint8Array {
  const fields = [
    Buffer.from(bar.symbol),
    int32(toDays(bar.startDate)),
    int32(toDays(bar.endDate)),
    ...[bar.open, bar.high, bar.low, bar.close, bar.volume].map(binaryNumeric),
    int32(bar.barCount),
  ];
  return Buffer.concat([
    Uint8Array.of(0, fields.length),
    ...fields.flatMap((field) => [int32(field.length), field]),
  ]);
}

function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
