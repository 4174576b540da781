import { Bars } from '../../services/resampler/bars.ts';
import { copyHeader, copyTrailer } from '../../services/resampler/silver-row.ts';
import { toDays } from '../../services/resampler/trading-date.ts';
import { binaryNumeric } from './binary-numeric.ts';

export type BronzeBar = {
  readonly symbol: string;
  readonly date: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
};

/** Bars of bronze as PostgreSQL sends them in a binary COPY; an implementation of its own, to test against. */
export function barBytes(bars: readonly BronzeBar[]): Uint8Array {
  return Buffer.concat([copyHeader, ...bars.map(rowOf), copyTrailer]);
}

/** The bars as one COPY gave them, `pieces` bytes at a time. */
export function barsOf(symbols: readonly string[], bars: readonly BronzeBar[], pieces = 1_000): Bars {
  const taken = new Bars(symbols);
  const bytes = barBytes(bars);
  taken.beginCopy();
  for (let at = 0; at < bytes.length; at += pieces) taken.take(bytes.subarray(at, at + pieces));
  return taken;
}

function rowOf(bar: BronzeBar): Uint8Array {
  const fields = [
    Buffer.from(bar.symbol),
    int32(toDays(bar.date)),
    ...[bar.open, bar.high, bar.low, bar.close, bar.volume].map(binaryNumeric),
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
