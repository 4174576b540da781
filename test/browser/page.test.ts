/** The page before a server that is made up: what a real pipeline seldom does, and long histories. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LiveEvent } from '../../services/dashboard/api.ts';
import { findChromium, launchChromium, whyWithout } from './support/chromium.ts';
import { dailyBars } from './support/made-up-bars.ts';
import { barsShown, expectAccessible, expectFits, type Opened, openPage } from './support/open-page.ts';
import { type StandIn, startStandIn } from './support/stand-in.ts';

const chromium = findChromium();
let browser: Browser;
let server: StandIn;
let opened: Opened;

const open = async (fragment: string, options?: Parameters<typeof openPage>[2]) => {
  opened = await openPage(browser, server.url + fragment, options);
  return opened.page;
};

const silver = (change: Partial<Extract<LiveEvent, { kind: 'silver' }>>): LiveEvent => ({
  kind: 'silver',
  eventId: crypto.randomUUID(),
  interval: 8,
  symbols: ['AAPL'],
  completedSymbols: [],
  fromDay: null,
  changedRows: 1,
  cause: 'live',
  correlationId: '0b3c9d52-6f0e-4a86-9d3c-0c7a5f1f6a01',
  occurredAt: new Date().toISOString(),
  ...change,
});

async function daysInView(page: Page, at: number): Promise<{ from: string; through: string }> {
  const slot = page.locator('.slot').nth(at);
  const [from, through] = await Promise.all(
    ['from', 'through'].map((name) => slot.getAttribute(`data-${name}`)),
  );
  return { from: from ?? '', through: through ?? '' };
}

/** Calendar days from the one to the other. */
function apart(one: string, other: string): number {
  return (Date.parse(other) - Date.parse(one)) / 86_400_000;
}

describe.skipIf(chromium === null)(`the page${chromium === null ? ` ${whyWithout}` : ''}`, () => {
  beforeAll(async () => {
    server = await startStandIn(['AAPL', 'AGM/A', 'BRK.B', 'CPS', 'CpS']);
    browser = await launchChromium(chromium ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  afterEach(() => opened.close());

  test('older bars come while panning, and all are there at the end', async () => {
    const page = await open('#/bars/AAPL?interval=1');
    await barsShown(page);
    expect(await page.locator('.toolbar-symbol').innerText()).toContain('and before');
    await page.locator('.slot-chart').focus();
    for (let screens = 0; screens < 4; screens += 1) {
      await page.keyboard.press('Home');
      await page.waitForTimeout(150);
    }
    await expect.poll(() => page.locator('.toolbar-symbol').innerText()).toContain('6,000 bars');
    await page.keyboard.press('Home');
    await expect
      .poll(() => page.locator('.readout-days').innerText())
      .toBe(server.market.get('AAPL')![0]!.day);
    expect(opened.complaints()).toEqual([]);
  });

  test('5,000 bars pan and zoom at 30 frames a second or more', async () => {
    const page = await open('#/bars/AAPL?interval=1');
    await barsShown(page);
    const box = (await page.locator('.slot-chart').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    for (let turns = 0; turns < 70; turns += 1) await page.mouse.wheel(0, 400);
    await expect.poll(() => page.locator('.toolbar-symbol').innerText()).toContain('6,000 bars');
    await page.evaluate(
      `window.frames_ = []; (function next(at) { frames_.push(at); requestAnimationFrame(next) })(performance.now())`,
    );
    await page.mouse.down();
    for (let steps = 0; steps < 60; steps += 1) await page.mouse.move(x + Math.sin(steps / 6) * 300, y);
    await page.mouse.up();
    for (let turns = 0; turns < 30; turns += 1) await page.mouse.wheel(0, turns < 15 ? -100 : 100);
    const frames = await page.evaluate<number[]>('frames_');
    const gaps = frames
      .slice(1)
      .map((at, index) => at - frames[index]!)
      .sort((one, other) => one - other);
    expect(gaps[Math.floor(gaps.length * 0.9)]).toBeLessThan(1_000 / 30);
  });

  test('the keyboard goes from bar to bar, and what it is on is said', async () => {
    const page = await open('#/bars/AAPL?interval=8');
    await barsShown(page);
    const newest = await page.locator('.readout-days').innerText();
    await page.locator('.slot-chart').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    const other = await page.locator('.readout-days').innerText();
    expect(other).not.toBe(newest);
    await expect
      .poll(() => page.locator('[aria-live=polite].heard').innerText())
      .toMatch(/^AAPL, 8 days, .*: open [\d.]+, high/);
    await expect.poll(() => page.locator('.days tbody tr').count()).toBe(8);
    await page.keyboard.press('Escape');
    expect(await page.locator('.readout-days').innerText()).toBe(newest);
  });

  test('two intervals are linked by time', async () => {
    const page = await open('#/bars/AAPL?interval=21&beside=5');
    await expect.poll(() => page.locator('.slot[data-state=ready]').count()).toBe(2);
    await page.locator('.slot-chart').first().focus();
    for (const key of ['+', '+', '+', 'PageUp', 'PageUp', 'ArrowLeft']) await page.keyboard.press(key);
    await page.waitForTimeout(300);
    const [first, second] = await Promise.all([0, 1].map((at) => daysInView(page, at)));
    expect(first!.through < server.session.lastDay!).toBe(true);
    expect(Math.abs(apart(first!.from, second!.from))).toBeLessThan(35);
    expect(Math.abs(apart(first!.through, second!.through))).toBeLessThan(35);
    await page.locator('label:has-text("Beside") select').selectOption('');
    await expect.poll(() => page.locator('.slot').count()).toBe(1);
    expect(opened.complaints()).toEqual([]);
  });

  test('addresses hold any symbol, and the back button goes back', async () => {
    const page = await open('#/bars/AGM%2FA?interval=13');
    await barsShown(page);
    expect(await page.locator('h1').innerText()).toBe('AGM/A');
    await page.keyboard.press('/');
    await page.keyboard.type('brk');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('h1').innerText()).toBe('BRK.B');
    expect(page.url()).toContain('#/bars/BRK.B?interval=13');
    await page.getByRole('link', { name: '34d, 34-day bars' }).click();
    await page.goBack();
    await page.goBack();
    await expect.poll(() => page.locator('h1').innerText()).toBe('AGM/A');
    expect(opened.complaints()).toEqual([]);
  });

  test('the search is a combobox: arrows choose, Escape closes, symbols differ by case', async () => {
    const page = await open('#/bars/AAPL');
    await barsShown(page);
    const box = page.getByRole('combobox', { name: 'Symbol' });
    await box.fill('cps');
    await expect.poll(() => page.locator('#search-list [role=option]').count()).toBe(2);
    await box.press('ArrowDown');
    await expect.poll(() => box.getAttribute('aria-activedescendant')).toBe('search-1');
    await box.press('Escape');
    expect(await box.getAttribute('aria-expanded')).toBe('false');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await box.press(key);
    await expect.poll(() => page.locator('h1').innerText()).toBe('CpS');
  });

  test('what is typed is shown as text', async () => {
    const page = await open('#/bars/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E?interval=8');
    await page.locator('.slot[data-state=empty]').waitFor();
    expect(await page.locator('h1').innerText()).toBe('<img src=x onerror=alert(1)>');
    await page.getByRole('combobox', { name: 'Symbol' }).fill('<b>"&');
    await expect.poll(() => page.locator('.search-note').innerText()).toContain('<b>"&');
    expect(await page.locator('img, .search-note b').count()).toBe(0);
    expect(opened.complaints()).toEqual([]);
  });

  test('a bar that changes moves on the screen within a second of its event', async () => {
    const page = await open('#/bars/AAPL?interval=8');
    await barsShown(page);
    await page.locator('.live[data-state=live]').waitFor();
    const days = server.market.get('AAPL')!;
    server.market.set('AAPL', [
      ...days,
      { ...dailyBars(7, 1, '2024-01-02')[0]!, close: '123.45', day: '2031-01-02' },
    ]);
    await page.waitForTimeout(300);
    const before = Date.now();
    server.say(silver({ fromDay: '2030-01-02' }));
    await expect.poll(() => page.locator('.values').innerText(), { interval: 20 }).toContain('123.45');
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(await page.locator('.foot').innerText()).toContain('AAPL, 8 days');
    server.market.set('AAPL', days);
  });

  test('a connection that breaks is said, and mends by itself', async () => {
    const page = await open('#/bars/CPS?interval=8');
    await barsShown(page);
    await page.locator('.live[data-state=live]').waitFor();
    server.leave();
    await page.locator('.live[data-state=reconnecting]').waitFor();
    await page.locator('.live[data-state=stale]').waitFor({ timeout: 15_000 });
    expect(await page.locator('.stale-note').innerText()).toContain('has not been heard since');
    await expectAccessible(page, 'stale');
    server.market.set('CPS', dailyBars(99, 5_900));
    server.back();
    await page.locator('.live[data-state=live]').waitFor({ timeout: 15_000 });
    const close = server.market.get('CPS')!.at(-1)!.close;
    await expect.poll(() => page.locator('.values').innerText()).toContain(close);
  }, 40_000);

  test('a failure is told in the words of the server, and can be tried again', async () => {
    server.fail('/api/bars', 500);
    const page = await open('#/bars/AAPL');
    const alert = page.locator('.slot [role=alert]');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('Made to fail with 500');
    await expectAccessible(page, 'failed');
    server.fail('/api/bars', null);
    await alert.getByRole('button').click();
    await barsShown(page);
  });

  test('what the pipeline view lacks is said where it is missing', async () => {
    server.fail('/api/pipeline', 503);
    server.fail('/api/days', 503);
    server.fail('/api/acts', 503);
    const page = await open('#/pipeline?trace=nobody');
    for (const part of ['.stages', '.days-panel', '.acts-panel']) {
      await expect.poll(() => page.locator(part).innerText()).toContain('Made to fail with 503');
    }
    await expect.poll(() => page.locator('.trace-panel').innerText()).toContain('Nothing is known of it');
    await expectAccessible(page, 'failed pipeline');
    for (const path of ['/api/pipeline', '/api/days', '/api/acts']) server.fail(path, null);
    await page.locator('.stages').getByRole('button', { name: 'Try again' }).click();
    await page.locator('.stage').first().waitFor();
  });

  test('light and dark are chosen by hand, and kept', async () => {
    const page = await open('#/bars/AAPL?interval=8', { colorScheme: 'light' });
    await barsShown(page);
    const background = () =>
      page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const light = await background();
    const switching = page.getByRole('button', { name: /^Colours/ });
    await switching.click();
    expect([await switching.innerText(), await background()]).toEqual([
      expect.stringContaining('light'),
      light,
    ]);
    await switching.click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await barsShown(page);
    expect(await background()).toBe(dark);
    expect(opened.complaints()).toEqual([]);
  });

  test('a pipeline without bars says how to load some', async () => {
    server.fail('/api/symbols', null);
    const kept = [...server.market];
    server.market.clear();
    const page = await open('');
    await page.getByRole('heading', { name: 'No bars yet' }).waitFor();
    await expectAccessible(page, 'empty');
    for (const [symbol, days] of kept) server.market.set(symbol, days);
    server.say(silver({}));
    await barsShown(page);
  });

  test('an act asks first, shows its command and its progress, and can be stopped', async () => {
    const page = await open('#/pipeline');
    await page.getByRole('button', { name: 'Replay a range' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay a range' });
    await dialog.getByLabel('First day').fill('2018-05-01');
    await dialog.getByLabel('Last day').fill('2018-05-11');
    await dialog.getByLabel('Symbols').fill('AAPL; rm');
    expect(await dialog.innerText()).toContain('“AAPL;” is no symbol');
    await dialog.getByLabel('Symbols').fill('AAPL AGM/A');
    expect(await dialog.locator('code').innerText()).toBe(
      'npm run fibbars -- replay --from 2018-05-01 --to 2018-05-11 --symbols AAPL,AGM/A',
    );
    await expectAccessible(page, 'dialog');
    expect(server.acts).toHaveLength(0);
    await dialog.getByRole('button', { name: 'Replay a range' }).click();
    await page.locator('.act progress').waitFor();
    expect(server.acts[0]!.request).toEqual({
      kind: 'replay',
      from: '2018-05-01',
      to: '2018-05-11',
      symbols: ['AAPL', 'AGM/A'],
    });
    expect(await page.locator('.act').innerText()).toContain('3 of 12 days');
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.locator('.act').innerText()).toContain('stopped by you');
    expect(opened.complaints()).toEqual([]);
  });

  test('the calendar is walked through with the arrow keys', async () => {
    const page = await open('#/pipeline?trace=0b3c9d52-6f0e-4a86-9d3c-0c7a5f1f6a01');
    await page.locator('.calendar').waitFor();
    const told = await page.locator('.day-told').innerText();
    await page.locator('.cell[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.day-told').innerText()).not.toBe(told);
    expect(await page.locator('.steps li').count()).toBe(5);
    await page.getByRole('link', { name: 'Earlier' }).click();
    await expect.poll(() => page.url()).toContain('through=');
    await expectFits(page, 'pipeline');
    expect(opened.complaints()).toEqual([]);
  });
});
