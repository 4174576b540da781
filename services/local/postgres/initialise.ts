import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, PostgresUnavailableError, programOf } from './binaries.ts';
import { giveTo } from './place.ts';
import type { ServerUser } from './server-user.ts';

const run = promisify(execFile);

export const superuser = 'fibbars';

/**
 * Makes the data folder `<place>/data` unless it is there. initdb works in a folder beside it that is renamed
 * at the end, so that one that was interrupted leaves nothing half-made behind that name.
 */
export async function initialise(
  binaries: Binaries,
  { place, user, password }: { place: string; user: ServerUser; password: string },
): Promise<string> {
  const data = path.join(place, 'data');
  await removeLeftovers(place);
  if (await stat(data).catch(() => undefined)) return data;
  const fresh = await mkdtemp(path.join(place, 'data.new-'));
  const passwordFile = path.join(fresh, 'password');
  const target = path.join(fresh, 'data');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await mkdir(target, { mode: 0o700 });
  for (const each of [fresh, passwordFile, target]) await giveTo(user, each);
  const options = [
    `--pgdata=${target}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Built in, so that the order of texts does not depend on the machine.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  try {
    // Its own process group: Ctrl-C at the terminal is for us to handle.
    await run(programOf(binaries, 'initdb'), options, {
      ...user,
      cwd: '/',
      env: serverEnvironment(),
      ...detached,
    });
  } catch (error) {
    throw new PostgresUnavailableError(`initdb failed: ${describe(error)}\nMend that`, error);
  }
  await rename(target, data);
  await syncFolder(place);
  await rm(fresh, { recursive: true, force: true });
  return data;
}

/** Messages in English: they are read below. Nothing else of ours concerns the server. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
}

/** execFile passes it on to spawn, its types do not say so. */
const detached = { detached: true } as object;

async function removeLeftovers(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (!name.startsWith('data.new-')) continue;
    // An initdb whose parent was killed may still be writing there; the next start removes what is left.
    await rm(path.join(place, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function describe(error: unknown): string {
  const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
  const noGlibc = process.platform === 'linux' && (error as NodeJS.ErrnoException).code === 'ENOENT';
  if (noGlibc) return 'it cannot be executed here; it needs glibc 2.27 or newer (Alpine has musl)';
  return (stderr || stdout || message).trim();
}
