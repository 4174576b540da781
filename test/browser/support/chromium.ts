import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium of this machine: FIBBARS_CHROMIUM, or the first on the path; null when there is none. */
export function findChromium(): string | null {
  const named = process.env['FIBBARS_CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(
      `FIBBARS_CHROMIUM is "${named}", and no such file is there: name an installed Chromium, or nothing`,
    );
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = paths.find((path) => existsSync(path)) ?? null;
  if (found === null) console.warn(`The page ${whyWithout}`);
  return found;
}

export const whyWithout =
  'is not tested in a browser: no Chromium is found on the path, and FIBBARS_CHROMIUM names none (Debian: apt-get install chromium)';

export async function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    // Chromium refuses its sandbox to root, as whom CI runs. The pages are our own.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage'],
  });
}
