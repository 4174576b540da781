import type { Problem } from '../api.ts';

/** The server's own words of what went wrong, or that it did not answer. */
export class AskError extends Error {
  override name = 'AskError';
  /** The status of the answer; 0 when none came. */
  readonly status: number;
  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

type Values = Readonly<Record<string, string | number | null>>;

/** The address of a route, relative to the page; null values are left out. */
export function route(path: string, values: Values = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== null) query.set(name, String(value));
  return `api/${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** @throws {AskError} unless the answer is what was asked for; an AbortError when the signal aborts. */
export async function ask<T>(address: string, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(address, signal === undefined ? {} : { signal });
}

/** @throws {AskError} likewise */
export async function tell<T>(address: string, token: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { 'x-fibbars-token': token };
  if (body === undefined) return answerOf<T>(address, { method: 'POST', headers });
  headers['content-type'] = 'application/json';
  return answerOf<T>(address, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function answerOf<T>(address: string, init: RequestInit): Promise<T> {
  const response = await fetch(address, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new AskError('The server does not answer: is `fibbars up` still running?', 0, { cause: error });
  });
  if (response.ok) return (await response.json()) as T;
  throw new AskError(await problemIn(response), response.status);
}

async function problemIn(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return (JSON.parse(text) as Problem).error;
  } catch {
    return `The server answered ${response.status} ${response.statusText}`.trim();
  }
}
