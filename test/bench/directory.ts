import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePlacedData } from '../../services/local/postgres/place.ts';

export type Directory = {
  readonly path: string;
  /** Where the data of a PostgreSQL belongs. */
  readonly postgres: string;
  /** Once the PostgreSQL in it has ended. */
  remove(): Promise<void>;
};

export async function makeDirectory(): Promise<Directory> {
  const path = await mkdtemp(join(tmpdir(), 'fibbars-bench-'));
  // Root lends PostgreSQL a user, who must pass through here.
  await chmod(path, 0o711);
  const postgres = join(path, 'postgres');
  return {
    path,
    postgres,
    async remove() {
      await removePlacedData(postgres);
      await rm(path, { recursive: true, force: true });
    },
  };
}
