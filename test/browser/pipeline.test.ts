/** The page before a real pipeline: `fibbars up` on a small market. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LiveEvent } from '../../services/dashboard/api.ts';
import { createWorkspace, type Running, reaches, type Workspace } from '../integration/pipeline/workspace.ts';
import { findChromium, launchChromium, whyWithout } from './support/chromium.ts';
import { type Market, stampOf, writeDay, writeMarket } from './support/market.ts';
import { barsShown, expectAccessible, expectFits, type Opened, openPage } from './support/open-page.ts';

/** `npm run screenshots` rewrites the pictures that README.md shows; a run of the tests leaves them alone. */
const screenshots = process.env['FIBBARS_TEST_SCREENSHOTS'] === 'write';
const pictures = fileURLToPath(new URL('../../services/dashboard/screenshots/', import.meta.url));

const chromium = findChromium();
/** A multiple of each of the shorter intervals: their last bars are whole, until one more day comes. */
const marketDays = 600;
const widths = [360, 768, 1440];
const schemes = ['light', 'dark'] as const;

let browser: Browser;
let workspace: Workspace;
let market: Market;
let up: Running;
let url: string;
let opened: Opened;
let page: Page;

async function run(...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await workspace.run(args);
  expect({ args, code, told: code === 0 ? '' : stdout + stderr }).toEqual({ args, code: 0, told: '' });
}

/** The address that `up --json` tells first. */
async function dashboardOf(running: Running): Promise<string> {
  const isTold = () => Promise.resolve(running.stdout().includes('\n'));
  expect({ isUp: await reaches(running, isTold), stderr: running.stderr() }).toMatchObject({ isUp: true });
  return (JSON.parse(running.stdout()) as { dashboard: string }).dashboard;
}

/** Listens beside the page, and tells when the server sent the next event of that symbol and interval. */
async function hearSilver(
  address: string,
  symbol: string,
  interval: number,
): Promise<{ at: Promise<number> }> {
  const { body } = await fetch(`${address}api/live`);
  async function next(): Promise<number> {
    let text = '';
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      if (events.some((event) => isSilverOf(event, symbol, interval))) return Date.now();
    }
    throw new Error('The live feed ended before the event came');
  }
  return { at: next() };
}

function isSilverOf(event: string, symbol: string, interval: number): boolean {
  const data = /^data: ?(.*)$/m.exec(event)?.[1];
  if (data === undefined) return false;
  const told = JSON.parse(data) as LiveEvent;
  return told.kind === 'silver' && told.interval === interval && told.symbols.includes(symbol);
}

describe.skipIf(chromium === null)(`the page${chromium === null ? ` ${whyWithout}` : ''}`, () => {
  beforeAll(async () => {
    // The page does not know which PostgreSQL there is: always that of the data folder.
    vi.stubEnv('DATABASE_URL', '');
    workspace = await createWorkspace();
    market = await writeMarket(join(workspace.scratch, 'market'), marketDays, ['AGM/A', 'BRK.B', 'MSFT']);
    await run('backfill', '--source', 'flatfiles', '--path', market.first);
    const splits = join(workspace.scratch, 'splits.csv');
    await writeFile(splits, 'symbol,ex_date,split_from,split_to\nBRK.B,2017-06-01,1,4\n');
    await run('splits', 'import', splits);
    up = workspace.start(['up', '--json']);
    [url, browser] = await Promise.all([dashboardOf(up), launchChromium(chromium ?? '')]);
    opened = await openPage(browser, url);
    ({ page } = opened);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    up?.signal('SIGINT');
    await up?.exit;
    await workspace?.remove();
    vi.unstubAllEnvs();
  }, 60_000);

  test('a symbol is found, and its intervals switch without a reload', async () => {
    await barsShown(page);
    await page.evaluate('window.notReloaded = true');
    await page.keyboard.press('/');
    await page.keyboard.type('agm');
    await page.getByRole('option', { name: 'AGM/A' }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('h1').innerText()).toBe('AGM/A');
    for (const days of [1, 3, 5, 8, 13, 21, 34]) {
      await page.getByRole('link', { name: new RegExp(`^${days}d, `) }).click();
      const forming = days > 1 && marketDays % days > 0;
      await page
        .locator(`.slot[data-state=ready] .slot-tag:text-is("${days === 1 ? 'daily' : `${days}-day`} bars")`)
        .waitFor();
      await expect.poll(() => page.locator('.chip-forming').count()).toBe(forming ? 1 : 0);
      if (days > 1)
        await expect.poll(() => page.locator('.days tbody tr').count()).toBe(marketDays % days || days);
    }
    expect(await page.evaluate('window.notReloaded')).toBe(true);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^CSV/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    expect(opened.complaints()).toEqual([]);
  });

  test('a day that comes late moves the bars after it, live', async () => {
    await page.goto(`${url}#/bars/MSFT?interval=5`);
    await barsShown(page);
    await page.locator('.live[data-state=live]').waitFor();
    expect(await page.locator('.chip-forming').count()).toBe(0);
    await run('backfill', '--source', 'flatfiles', '--path', market.later);
    await expect.poll(() => page.locator('.chip-forming').innerText()).toBe('forming, 1 of 5');
    expect(opened.complaints()).toEqual([]);
  }, 60_000);

  test('a new bar arrives live', async ({ annotate }) => {
    const told = await hearSilver(url, 'AAPL', 8);
    await page.goto(`${url}#/bars/AAPL?interval=8&beside=1`);
    await page.locator('.live[data-state=live]').waitFor();
    await expect.poll(() => page.locator('.slot[data-state=ready]').count()).toBe(2);
    expect(await page.locator('.values').innerText()).not.toContain('191.234');
    const more = join(workspace.scratch, 'more');
    await mkdir(more);
    await writeDay(more, '2018-05-14', [
      `AAPL,20778800.5,189.01,191.234,191.3,187.86,${stampOf('2018-05-14')},1`,
    ]);
    await run('backfill', '--source', 'flatfiles', '--path', more);
    await expect.poll(() => page.locator('.values').innerText(), { interval: 20 }).toContain('191.234');
    const seenAt = Date.now();
    await annotate(`on the screen ${seenAt - (await told.at)} ms after its event`);
    await expect.poll(() => page.locator('.days tbody').innerText()).toContain('2018-05-14');
    await expect.poll(() => page.locator('.foot').innerText()).toContain('AAPL');
    expect(opened.complaints()).toEqual([]);
  }, 60_000);

  test('its way is traced from the foot of the page', async () => {
    await page.getByRole('link', { name: 'trace', exact: true }).click();
    await expect.poll(() => page.locator('.steps').innerText()).toContain('SilverUpdated');
    await expect.poll(() => page.locator('.list tbody tr').count()).toBeGreaterThan(0);
    expect(opened.complaints()).toEqual([]);
  });

  test('a range is replayed', async () => {
    await page.getByRole('button', { name: 'Replay a range' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('First day').fill('2018-05-01');
    await dialog.getByLabel('Last day').fill('2018-05-11');
    const command = await dialog.locator('code').innerText();
    expect(command).toBe('npm run fibbars -- replay --from 2018-05-01 --to 2018-05-11');
    await dialog.getByRole('button', { name: 'Replay a range' }).click();
    await page.locator('.act[data-state=done]').waitFor({ timeout: 30_000 });
    expect(await page.locator('.act code').first().innerText()).toBe(command);
    await expect.poll(() => page.locator('.list tbody').innerText()).toContain('replay');
    expect(opened.complaints()).toEqual([]);
  }, 60_000);

  test('silver is verified', async () => {
    await page.getByRole('button', { name: 'Verify silver' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Verify silver' }).click();
    await page.locator('.act[data-state=done] b:text-is("Verify silver")').waitFor({ timeout: 30_000 });
    expect(opened.complaints()).toEqual([]);
  }, 60_000);

  test('the days that were late, restated and missing are marked', async () => {
    const stateOf = (day: string) => page.locator(`#day-${day}`).getAttribute('data-state');
    await expect.poll(() => stateOf(market.lateDay)).toBe('late');
    expect(await stateOf(market.restatedDay)).toBe('restated');
    expect(await stateOf(market.missingDay)).toBe('missing');
    await page.locator(`#day-${market.missingDay}`).hover();
    expect(await page.locator('.day-told').innerText()).toBe(`${market.missingDay}: missing`);
  });

  test('a pipeline elsewhere is shown, and only shown', async () => {
    const { variables } = JSON.parse(up.stdout()) as { variables: { DATABASE_URL: string } };
    const elsewhere = workspace.start(['dashboard', '--json'], { DATABASE_URL: variables.DATABASE_URL });
    const other = await openPage(browser, `${await dashboardOf(elsewhere)}#/pipeline`);
    await expect.poll(() => other.page.locator('.stage-bronze').innerText()).toContain('2,4');
    expect(await other.page.locator('.stage-queue').innerText()).toContain('not to be seen from here');
    expect(await other.page.getByRole('heading', { name: 'Acts' }).count()).toBe(0);
    expect(await other.page.locator('.foot').innerText()).toContain('read only');
    await expectAccessible(other.page, 'elsewhere');
    expect(other.complaints()).toEqual([]);
    await other.close();
    elsewhere.signal('SIGINT');
    await elsewhere.exit;
  }, 60_000);

  test.each(schemes)(
    'both views are accessible and fit at each width, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      for (const width of widths) {
        const what = `${width} px, ${colorScheme}`;
        await page.setViewportSize({ width, height: width < 700 ? 760 : 900 });
        await page.goto(`${url}#/bars/BRK.B?interval=8&beside=21`);
        await expect.poll(() => page.locator('.slot[data-state=ready]').count()).toBe(2);
        await expect.poll(() => page.locator('.days tbody tr').count()).toBeGreaterThan(0);
        await expectAccessible(page, `bars, ${what}`);
        await expectFits(page, `bars, ${what}`);
        await page.goto(`${url}#/pipeline`);
        await page.locator('.calendar').waitFor();
        await page.locator('.stage').first().waitFor();
        await expectAccessible(page, `pipeline, ${what}`);
        await expectFits(page, `pipeline, ${what}`);
      }
      expect(opened.complaints()).toEqual([]);
    },
    60_000,
  );

  test.skipIf(!screenshots)('the pictures of README.md are taken', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 1440, height: 860 });
    await page.goto(`${url}#/bars/AAPL?interval=8&beside=34`);
    await barsShown(page);
    await page.locator('.days tbody tr').first().waitFor();
    await page.waitForTimeout(2_500);
    const chart = (await page.locator('.slot-chart').first().boundingBox())!;
    await page.mouse.move(chart.x + chart.width * 0.72, chart.y + chart.height * 0.3);
    await expect.poll(() => page.locator('.days tbody tr').count()).toBe(8);
    await page.screenshot({ path: join(pictures, 'bars.png') });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${url}#/pipeline`);
    await page.locator('.calendar').waitFor();
    await page.waitForTimeout(2_500);
    await page.screenshot({ path: join(pictures, 'pipeline.png') });
    expect(opened.complaints()).toEqual([]);
  });
});
