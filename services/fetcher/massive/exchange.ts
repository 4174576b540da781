import { MassiveError } from './massive-error.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

export type ExchangeOptions = {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Longest time without a byte, also before the first. */
  readonly idleMs: number;
  readonly totalMs: number;
};

/**
 * One GET, to the last byte of its answer. Redirects are not followed.
 * @throws {MassiveError} unreachable before the answer begins, cut off after that. When `signal` aborts: its reason.
 */
export async function exchange(url: URL, options: ExchangeOptions): Promise<Answer> {
  const { headers, signal, idleMs, totalMs } = options;
  const late = new AbortController();
  const giveUp = (words: string) => late.abort(new Error(words));
  const total = setTimeout(giveUp, totalMs, `not whole after ${totalMs / 1_000} s`);
  let idle = setTimeout(giveUp, idleMs, `no answer for ${idleMs / 1_000} s`);
  let begun = false;
  try {
    const response = await fetch(url, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
    });
    begun = true;
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      clearTimeout(idle);
      idle = setTimeout(giveUp, idleMs, `stood still for ${idleMs / 1_000} s`);
      text += decoder.decode(chunk, { stream: true });
    }
    return { status: response.status, headers: response.headers, text: text + decoder.decode() };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const problem = begun ? 'cut off' : 'unreachable';
    const cause: unknown = late.signal.aborted ? late.signal.reason : error;
    throw new MassiveError({ problem, url, found: reasonOf(cause), cause });
  } finally {
    clearTimeout(total);
    clearTimeout(idle);
  }
}

/** Fetch says "fetch failed" or "terminated" and has the reason below. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  if (error.cause !== undefined) return reasonOf(error.cause);
  return error.message;
}
