import { DatabaseUnreachableError, isRetryable } from './database-errors.ts';

export class UsageError extends Error {
  override name = 'UsageError';
}

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  /** EX_TEMPFAIL of sysexits.h: the job definition has Batch try this one again. */
  tryAgain: 75,
} as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof DatabaseUnreachableError || isRetryable(error)) return exitCodes.tryAgain;
  return exitCodes.failed;
}
