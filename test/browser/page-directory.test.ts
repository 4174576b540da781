import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageDirectory } from '../../services/dashboard/build-page.ts';

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'fibbars-page-'));
});
afterAll(() => rm(cache, { recursive: true, force: true }));

const builder = fileURLToPath(new URL('../../services/dashboard/build-page.ts', import.meta.url));

/** Builds in a process of its own, as a test run does and as `fibbars up` does. */
async function buildElsewhere(nodeEnv: string): Promise<string> {
  const script = `const { pageDirectory } = await import(process.argv[1]); console.log(await pageDirectory(process.argv[2]))`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, builder, cache], {
    env: { ...process.env, NODE_ENV: nodeEnv },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return said.trim();
}

test('processes that build at once get one folder, and leave nothing else', async () => {
  const folders = await Promise.all([buildElsewhere('test'), buildElsewhere('production')]);
  expect(new Set(folders).size).toBe(1);
  expect(await readdir(cache)).toHaveLength(1);
  expect(await pageDirectory(cache)).toBe(folders[0]);
});

test('the page has no script and no style of its own in it, and asks nobody but its server', async () => {
  const folder = await pageDirectory(cache);
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
  const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  expect(addresses.length).toBeGreaterThan(2);
  for (const address of addresses) expect(address).toMatch(/^\.\/assets\/[\w-]+\.(js|css|svg)$/);
});

test('what is delivered is the small build of the packages', async () => {
  const folder = await pageDirectory(cache);
  const assets = await readdir(join(folder, 'assets'));
  const scripts = await Promise.all(
    assets
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFile(join(folder, 'assets', name), 'utf8')),
  );
  expect(scripts).toHaveLength(1);
  expect(scripts.join('')).not.toContain('dev mode');
  expect(scripts.join('').length).toBeLessThan(260_000);
});
