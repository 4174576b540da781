import { DatabaseUnreachableError } from '../../shared/database-errors.ts';
import { ProblemError } from './problem-error.ts';

/** `statement_timeout` has run out, or somebody cancelled the statement. */
const queryCanceled = '57014';

/** What the page is told of an error. What nobody foresaw stays in the log. */
export function problemOf(error: unknown): { status: number; message: string } {
  if (error instanceof ProblemError) return { status: error.status, message: error.message };
  if (error instanceof DatabaseUnreachableError) return { status: 503, message: error.message };
  if ((error as { code?: unknown } | null)?.code === queryCanceled) {
    return { status: 503, message: 'The database took too long to answer: ask for less, or later' };
  }
  return { status: 500, message: 'The dashboard failed to answer: its log on stderr says why' };
}
