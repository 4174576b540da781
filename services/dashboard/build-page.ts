import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('page/', import.meta.url));
const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/fibonacci-bars/', import.meta.url));

/** What ends up in the page besides its own sources. */
const bundled = ['vite', 'lightweight-charts', 'lit-html'];

/** The first that know `light-dark()` and `:has()`, so that they stay as they are written. */
const browsers = ['chrome123', 'firefox121', 'safari17.5'];

/**
 * The folder with the page as the server hands it out: `index.html`, and `assets/` whose names change with what is in them.
 * Built when no folder for these sources is there yet (about a second), so that a fresh clone needs no command of its own.
 * Several processes may ask at once: each builds beside the place, and the first to be ready takes it.
 */
export async function pageDirectory(cache = cacheFolder): Promise<string> {
  const place = join(cache, `page-${await fingerprint()}`);
  if (await isDirectory(place)) return place;
  await mkdir(cache, { recursive: true });
  const building = await mkdtemp(join(cache, 'building-'));
  try {
    await buildInto(building);
    // What mkdtemp makes is its owner's alone; the server may run as another user.
    await chmod(building, 0o755);
    await takePlace(building, place);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return place;
}

async function buildInto(outDir: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    configFile: false,
    mode: 'production',
    // Not left to NODE_ENV, which differs between those who share the folder: under tests it would be packages' development builds.
    resolve: { conditions: ['module', 'browser', 'production'] },
    define: { 'process.env.NODE_ENV': '"production"' },
    root: sources,
    base: './',
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: browsers,
      // The content security policy takes files of the server alone, no data: addresses.
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
    },
  });
}

async function takePlace(building: string, place: string): Promise<void> {
  try {
    await rename(building, place);
  } catch (error) {
    // Another process was ready first: its folder has the same content.
    if (!(await isDirectory(place))) throw error;
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(sources, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const content = await readFile(file);
    hash.update(`${relative(sources, file)}\0${content.length}\0`).update(content);
  }
  for (const name of bundled) {
    const manifest = await readFile(
      new URL(`../../node_modules/${name}/package.json`, import.meta.url),
      'utf8',
    );
    hash.update(`${name}\0`).update(manifest);
  }
  return hash
    .update(await readFile(fileURLToPath(import.meta.url)))
    .digest('hex')
    .slice(0, 16);
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
