import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { lookup } from 'mrmime';
import { ProblemError } from './http/problem-error.ts';
import type { Route } from './http/route.ts';

export type PageDeps = {
  /** The folder of the built page, which is asked for when the first browser comes: building it may take a while. */
  readonly pageDirectory: () => Promise<string>;
};

type PageFile = { readonly body: Buffer; readonly type: string };

/** Their names change with what is in them. */
const hashed = /^\/assets\//;

/**
 * The files of the page, and no others: they are read once and kept, so that no path leads anywhere else, and whoever clears the
 * folder meanwhile does no harm.
 */
export function pageRoute({ pageDirectory }: PageDeps): Route {
  let reading: Promise<ReadonlyMap<string, PageFile>> | undefined;
  const read = async () => await readFiles(await pageDirectory());
  return {
    method: 'GET',
    path: /^\/(?!api(\/|$))/,
    async answer({ response, url: { pathname } }) {
      reading ??= read();
      const files = await reading.catch((cause: unknown) => {
        reading = undefined;
        throw new ProblemError(503, `The page cannot be built: ${(cause as Error).message}`, { cause });
      });
      const file = files.get(pathname === '/' ? '/index.html' : pathname);
      if (!file) throw new ProblemError(404, `There is nothing at ${pathname}`);
      response.writeHead(200, {
        'content-type': file.type,
        'content-length': file.body.length,
        'cache-control': hashed.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
      response.end(file.body);
      return undefined;
    },
  };
}

/** By the path that a browser asks for. */
async function readFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, PageFile]> => {
        const type = lookup(name) ?? 'application/octet-stream';
        const text = /^text\/|[/+](json|xml)$/.test(type);
        return [
          `/${relative(folder, name).split(sep).join('/')}`,
          { body: await readFile(name), type: text ? `${type}; charset=utf-8` : type },
        ];
      }),
    ),
  );
}
