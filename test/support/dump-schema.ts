import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Its output differs a little between majors; this is the oldest PostgreSQL that we run on. */
export const dumpMajor = '15';

/** The major of the pg_dump on the path, undefined if there is none. */
export async function findDumpMajor(): Promise<string | undefined> {
  const version = await run('pg_dump', ['--version']).catch(() => undefined);
  return version && /\) (\d+)/.exec(version.stdout)?.[1];
}

/** The schema as pg_dump prints it, without what differs from run to run or from server to server. */
export async function dumpSchema(url: string): Promise<string> {
  const { stdout } = await run('pg_dump', ['--schema-only', '--no-owner', '--no-privileges', url]);
  const kept = stdout
    .split('\n')
    // Session settings, comments with versions, and the random key of \restrict.
    .filter((line) => !/^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict )/.test(line));
  const text = kept
    .join('\n')
    .replaceAll(/\n{2,}/g, '\n\n')
    .trim();
  return `-- What sql/migrations add up to, by pg_dump ${dumpMajor}. Written by \`npm run schema:dump\`: not to be edited.\n\n${text}\n`;
}
