import { type Difference, type Verification, verify as verifySilver } from '../../resampler/verify.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { formatCount } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';

export type VerifyRequest = {
  readonly symbols?: readonly string[] | undefined;
  readonly signal: AbortSignal;
};

const mostShown = 20;

/** Recomputes silver from bronze, compares, and prints what differs. A difference is an exit code of 1. */
export async function verify(db: Database, output: Output, request: VerifyRequest): Promise<number> {
  const bar = progressBar(output, 'verify', 'symbols');
  const result = await verifySilver(db, { ...request, onProgress: bar.update }).finally(bar.stop);
  output.document({ ...result, ok: isRight(result) });
  for (const line of verificationLines(result)) output.say(line);
  return isRight(result) ? exitCodes.done : exitCodes.failed;
}

function isRight(result: Verification): boolean {
  return result.differing === 0 && result.unknown.length === 0;
}

function verificationLines(result: Verification): string[] {
  const lines = result.differences.slice(0, mostShown).map(differenceLine);
  if (result.differing > lines.length) {
    lines.push(`… and ${formatCount(result.differing - lines.length)} more; --json lists up to 1,000`);
  }
  lines.push(
    `${formatCount(result.rows)} bars of ${formatCount(result.symbols)} symbols recomputed from bronze: ${formatCount(result.differing)} differences`,
  );
  if (result.pending.length > 0) {
    lines.push(
      `${formatCount(result.pending.length)} symbols left out, since their invalidations are pending: ${preview(result.pending)}`,
    );
  }
  if (result.unknown.length > 0) lines.push(`Nothing is stored for: ${preview(result.unknown)}`);
  if (result.differing > 0) {
    lines.push('`fibbars rebuild` rewrites what differs; please report how it came about');
  }
  return lines;
}

function differenceLine({ table, symbol, startDate, expected, stored }: Difference): string {
  const where = `${table} ${symbol} ${startDate}:`;
  if (expected === null) return `${where} stored, but bronze gives no such bar`;
  if (stored === null) return `${where} missing`;
  const fields = (Object.keys(expected) as (keyof typeof expected)[]).filter(
    (field) => expected[field] !== stored[field],
  );
  return `${where} ${fields.map((field) => `${field} is ${stored[field]} instead of ${expected[field]}`).join(', ')}`;
}

function preview(symbols: readonly string[]): string {
  return `${symbols.slice(0, 10).join(', ')}${symbols.length > 10 ? ', …' : ''}`;
}
