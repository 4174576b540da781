/** The charts before a made-up server: histories that are long, bars that change. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { beforeStandIn, silverOf } from './support/before-stand-in.ts';
import { findChromium, whyWithout } from './support/chromium.ts';
import { dailyBars } from './support/made-up-bars.ts';
import { barsShown } from './support/open-page.ts';

const chromium = findChromium();

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

/** How many pixels of the charts have that colour of the style sheet. */
async function pixelsOf(page: Page, color: string): Promise<number> {
  return page.evaluate<number>(`(() => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(--${color})';
    const wanted = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
    probe.remove();
    let found = 0;
    for (const canvas of document.querySelectorAll('.slot-chart canvas')) {
      if (canvas.width === 0 || canvas.height === 0) continue;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4) {
        if (wanted.every((part, index) => data[at + index] === part) && data[at + 3] === 255) found += 1;
      }
    }
    return found;
  })()`);
}

describe.skipIf(chromium === null)(`the chart${chromium === null ? ` ${whyWithout}` : ''}`, () => {
  const stand = beforeStandIn(chromium);

  test('older bars come while panning, and all are there at the end', async () => {
    const page = await stand.open('#/bars/AAPL?interval=1');
    await barsShown(page);
    expect(await page.locator('.toolbar-symbol').innerText()).toContain('and before');
    await page.locator('.slot-chart').focus();
    for (let screens = 0; screens < 20; screens += 1) await page.keyboard.press('PageUp');
    await expect.poll(() => page.locator('.toolbar-symbol').innerText()).toContain('6,000 bars');
    expect(await page.locator('.readout-days').innerText()).not.toBe(
      stand.server.market.get('AAPL')![0]!.day,
    );
    await page.keyboard.press('Home');
    await expect
      .poll(() => page.locator('.readout-days').innerText())
      .toBe(stand.server.market.get('AAPL')![0]!.day);
    expect(stand.complaints()).toEqual([]);
  });

  // How smoothly is measured and told, but no reason to fail: a machine that has other work drops frames for that alone.
  test('5,000 bars pan and zoom', async ({ annotate }) => {
    const page = await stand.open('#/bars/AAPL?interval=1');
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
    expect(gaps.length).toBeGreaterThan(20);
    await annotate(`nine of ten frames within ${gaps[Math.floor(gaps.length * 0.9)]?.toFixed(1)} ms`);
    expect(await page.locator('.toolbar-symbol').innerText()).toContain('6,000 bars');
  });

  test('the keyboard goes from bar to bar, and what it is on is said', async () => {
    const page = await stand.open('#/bars/AAPL?interval=8');
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

  test('a tap tells of a bar where there is no pointer', async () => {
    const page = await stand.open('#/bars/AAPL?interval=8', {
      viewport: { width: 360, height: 760 },
      hasTouch: true,
      isMobile: true,
    });
    await barsShown(page);
    const newest = await page.locator('.readout-days').innerText();
    const box = (await page.locator('.slot-chart').boundingBox())!;
    await page.touchscreen.tap(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await expect.poll(() => page.locator('.readout-days').innerText()).not.toBe(newest);
    await expect.poll(() => page.locator('.days tbody tr').count()).toBe(8);
    expect(stand.complaints()).toEqual([]);
  });

  test('two intervals are linked by time', async () => {
    const page = await stand.open('#/bars/AAPL?interval=21&beside=5');
    await expect.poll(() => page.locator('.slot[data-state=ready]').count()).toBe(2);
    await page.locator('.slot-chart').first().focus();
    for (const key of ['+', '+', '+', 'PageUp', 'PageUp', 'ArrowLeft']) await page.keyboard.press(key);
    const inView = () => Promise.all([daysInView(page, 0), daysInView(page, 1)]);
    await expect.poll(async () => (await inView())[0].through < stand.server.session.lastDay!).toBe(true);
    const daysApart = async () => {
      const [first, second] = await inView();
      return Math.max(
        Math.abs(apart(first.from, second.from)),
        Math.abs(apart(first.through, second.through)),
      );
    };
    await expect.poll(daysApart).toBeLessThan(35);
    await page.locator('label:has-text("Beside") select').selectOption('');
    await expect.poll(() => page.locator('.slot').count()).toBe(1);
    expect(stand.complaints()).toEqual([]);
  });

  test('Home is the first bar of all, also when it has to be loaded', async () => {
    const page = await stand.open('#/bars/AAPL?interval=1');
    await barsShown(page);
    await page.locator('.slot-chart').focus();
    await page.keyboard.press('Home');
    const first = stand.server.market.get('AAPL')![0]!.day;
    await expect.poll(() => page.locator('.readout-days').innerText()).toBe(first);
  });

  test('a forming bar and splits are drawn as such', async () => {
    const page = await stand.open('#/bars/AAPL?interval=8');
    await barsShown(page);
    await expect.poll(() => pixelsOf(page, 'split')).toBeGreaterThan(50);
    expect(await pixelsOf(page, 'gold')).toBe(0);
    await page.getByRole('link', { name: '21d, 21-day bars' }).click();
    await expect.poll(() => pixelsOf(page, 'gold')).toBeGreaterThan(10);
    expect(await page.locator('.chip-forming').innerText()).toBe(`forming, ${6_000 % 21} of 21`);
    expect(await page.locator('.splits').innerText()).toContain('4:1 split on');
  });

  test('a change that is told while another symbol loads does not bring the first one back', async () => {
    const page = await stand.open('#/bars/AAPL?interval=8');
    await barsShown(page);
    await page.locator('.live[data-state=live]').waitFor();
    await page.waitForTimeout(300);
    stand.server.delay('BRK.B', 300);
    stand.server.delay('AAPL', 600);
    await page.evaluate(`location.hash = '#/bars/BRK.B?interval=13'`);
    await expect.poll(() => page.locator('h1').innerText()).toBe('BRK.B');
    stand.server.say(silverOf({ symbols: ['BRK.B'], fromDay: '2023-12-01' }));
    stand.server.say(silverOf({ symbols: ['BRK.B'], fromDay: '2023-12-01', interval: 13 }));
    await page.waitForTimeout(1_500);
    for (const symbol of ['AAPL', 'BRK.B']) stand.server.delay(symbol, 0);
    const { close } = stand.server.market.get('BRK.B')!.at(-1)!;
    expect(await page.locator('.values').innerText()).toContain(close);
    expect(await page.locator('.readout-what').innerText()).toBe('Newest bar, 13 days');
    // And once more after it was loaded, since the change may be newer than what was read.
    const reads = stand.server.asked.filter((path) => path.startsWith('/api/bars?symbol=BRK.B'));
    expect(reads.length).toBeGreaterThan(1);
  });

  test('a bar that changes moves on the screen', async ({ annotate }) => {
    const page = await stand.open('#/bars/AAPL?interval=8');
    await barsShown(page);
    await page.locator('.live[data-state=live]').waitFor();
    const days = stand.server.market.get('AAPL')!;
    stand.server.market.set('AAPL', [
      ...days,
      { ...dailyBars(7, 1, '2024-01-02')[0]!, close: '123.45', day: '2031-01-02' },
    ]);
    await page.waitForTimeout(300);
    const before = Date.now();
    stand.server.say(silverOf({ fromDay: '2030-01-02' }));
    await expect.poll(() => page.locator('.values').innerText(), { interval: 20 }).toContain('123.45');
    await annotate(`on the screen ${Date.now() - before} ms after its event`);
    expect(await page.locator('.foot').innerText()).toContain('AAPL, 8 days');
    stand.server.market.set('AAPL', days);
  });
});
