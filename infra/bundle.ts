/** Bundles each entry point into one file that needs Node and nothing beside it, and puts the Dockerfile to them. */
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where `npm run bundle` puts the files: the image is built from it. */
export const bundleFolder = join(root, 'dist');

/** By the name that a command begins with: where the program starts, from the root of the repository. */
export const programs = {
  fetcher: 'services/fetcher/main.ts',
  dispatcher: 'services/dispatcher/main.ts',
  resampler: 'services/resampler/main.ts',
  subscriber: 'services/subscriber/main.ts',
  fibbars: 'services/cli/main.ts',
} as const;

export type Program = keyof typeof programs;

/**
 * Writes `<folder>/bin/<program>`, executable, and `<folder>/Dockerfile`. What was in the folder is removed.
 * Returns which source files each program is made of.
 */
export async function bundle(folder: string): Promise<Metafile> {
  const bin = join(folder, 'bin');
  await rm(folder, { recursive: true, force: true });
  await mkdir(bin, { recursive: true });
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(programs).map(([name, file]) => ({ in: file, out: name })),
    outdir: bin,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Packages that are CommonJS ask for Node's modules by require.
    banner: {
      js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);",
    },
    // A driver in C that pg takes if it is there; what `fibbars cost` loads from a checkout, and what builds the dashboard's page in one.
    external: ['pg-native', '*/infra/synthesise.ts', '*/infra/cost/estimate.ts', '*/dashboard/build-page.ts'],
    legalComments: 'eof',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  for (const { path, text } of outputFiles) {
    const file = join(bin, basename(path, '.js'));
    await writeFile(file, `#!/usr/bin/env node\n${text.replace(/^#!.*\n/, '')}`);
    await chmod(file, 0o755);
  }
  await copyFile(join(root, 'infra/Dockerfile'), join(folder, 'Dockerfile'));
  return metafile;
}

if (import.meta.main) await bundle(bundleFolder);
