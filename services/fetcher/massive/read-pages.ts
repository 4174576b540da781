import type { JsonObject } from './lossless-json.ts';
import type { MassiveClient } from './massive-client.ts';
import { MassiveError } from './massive-error.ts';

/**
 * Reads an answer and those that it leads on to, by `next_url`.
 * @param read may throw a MassiveError, which has the page asked for again if it may pass
 */
export async function readPages<T>(
  client: MassiveClient,
  first: URL,
  read: (url: URL, body: JsonObject) => T,
  signal: AbortSignal,
): Promise<T[]> {
  const pages: T[] = [];
  const seen = new Set<string>();
  for (let url: URL | undefined = first; url !== undefined; ) {
    if (seen.has(url.href)) {
      throw new MassiveError({ problem: 'bad answer', url, found: 'its pages lead back to it' });
    }
    seen.add(url.href);
    const here: URL = url;
    const { page, next } = await client.get(
      here,
      (body) => ({ page: read(here, body), next: body['next_url'] }),
      signal,
    );
    pages.push(page);
    url = typeof next === 'string' && next !== '' ? client.nextUrl(next, here) : undefined;
  }
  return pages;
}
