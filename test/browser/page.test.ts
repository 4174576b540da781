/** The page before a made-up server: addresses, search, and what a real pipeline seldom does. */
import { describe, expect, test } from 'vitest';
import { beforeStandIn, silverOf } from './support/before-stand-in.ts';
import { findChromium, whyWithout } from './support/chromium.ts';
import { dailyBars } from './support/made-up-bars.ts';
import { barsShown, expectAccessible, expectFits } from './support/open-page.ts';

const chromium = findChromium();

describe.skipIf(chromium === null)(`the page${chromium === null ? ` ${whyWithout}` : ''}`, () => {
  const stand = beforeStandIn(chromium);

  test('addresses hold any symbol, and the back button goes back', async () => {
    const page = await stand.open('#/bars/AGM%2FA?interval=13');
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
    expect(stand.complaints()).toEqual([]);
  });

  test('the search is a combobox: arrows choose, Escape closes, symbols differ by case', async () => {
    const page = await stand.open('#/bars/AAPL');
    await barsShown(page);
    const box = page.getByRole('combobox', { name: 'Symbol' });
    await box.fill('cps');
    await expect.poll(() => page.locator('#search-list [role=option]').count()).toBe(2);
    await box.press('ArrowDown');
    await expect.poll(() => box.getAttribute('aria-activedescendant')).toBe('search-1');
    await expectAccessible(page, 'search');
    await box.press('Escape');
    expect(await box.getAttribute('aria-expanded')).toBe('false');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await box.press(key);
    await expect.poll(() => page.locator('h1').innerText()).toBe('CpS');
  });

  test('what is typed is shown as text', async () => {
    const page = await stand.open('#/bars/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E?interval=8');
    await page.locator('.slot[data-state=empty]').waitFor();
    expect(await page.locator('h1').innerText()).toBe('<img src=x onerror=alert(1)>');
    await page.getByRole('combobox', { name: 'Symbol' }).fill('<b>"&');
    await expect.poll(() => page.locator('.search-note').innerText()).toContain('<b>"&');
    expect(await page.locator('img, .search-note b').count()).toBe(0);
    expect(stand.complaints()).toEqual([]);
  });

  test('a connection that breaks is said, and mends by itself', async () => {
    const page = await stand.open('#/bars/CPS?interval=8');
    await barsShown(page);
    await page.locator('.live[data-state=live]').waitFor();
    stand.server.leave();
    await page.locator('.live[data-state=reconnecting]').waitFor();
    await page.locator('.live[data-state=stale]').waitFor({ timeout: 15_000 });
    expect(await page.locator('.stale-note').innerText()).toContain('has not been heard since');
    await expectAccessible(page, 'stale');
    stand.server.market.set('CPS', dailyBars(99, 5_900));
    stand.server.comeBack();
    await page.locator('.live[data-state=live]').waitFor({ timeout: 15_000 });
    const close = stand.server.market.get('CPS')!.at(-1)!.close;
    await expect.poll(() => page.locator('.values').innerText()).toContain(close);
  }, 40_000);

  test('a server that came back with another token takes acts', async () => {
    const page = await stand.open('#/pipeline');
    await page.locator('.live[data-state=live]').waitFor();
    stand.server.leave();
    await page.locator('.live[data-state=reconnecting]').waitFor();
    stand.server.comeBack();
    await page.locator('.live[data-state=live]').waitFor();
    await page.getByRole('button', { name: 'Verify silver' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Verify silver' }).click();
    await expect.poll(() => stand.server.acts.length).toBe(1);
    stand.server.acts.length = 0;
  });

  test('a page that nobody looks at lets go of its connection, and catches up when it is seen', async () => {
    const page = await stand.open('#/bars/AAPL?interval=8');
    await page.clock.install();
    await page.reload();
    await page.locator('.live[data-state=live]').waitFor();
    expect(stand.server.listeners()).toBe(1);
    const look = (visibility: string) =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${visibility}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await look('hidden');
    await page.clock.fastForward(20_000);
    expect(stand.server.listeners()).toBe(1);
    await page.clock.fastForward(45_000);
    await expect.poll(() => stand.server.listeners()).toBe(0);
    const asked = stand.server.asked.length;
    await look('visible');
    await page.locator('.live[data-state=live]').waitFor();
    await expect
      .poll(() => stand.server.asked.slice(asked).some((path) => path.startsWith('/api/bars')))
      .toBe(true);
  });

  test('a failure is told in the words of the server, and can be tried again', async () => {
    stand.server.fail('/api/bars', 500);
    const page = await stand.open('#/bars/AAPL');
    const alert = page.locator('.slot [role=alert]');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('Made to fail with 500');
    await expectAccessible(page, 'failed');
    stand.server.fail('/api/bars', null);
    await alert.getByRole('button').click();
    await barsShown(page);
  });

  test('what the pipeline view lacks is said where it is missing', async () => {
    stand.server.fail('/api/pipeline', 503);
    stand.server.fail('/api/days', 503);
    stand.server.fail('/api/acts', 503);
    const page = await stand.open('#/pipeline?trace=nobody');
    for (const part of ['.stages', '.days-panel', '.acts-panel']) {
      await expect.poll(() => page.locator(part).innerText()).toContain('Made to fail with 503');
    }
    await expect.poll(() => page.locator('.trace-panel').innerText()).toContain('Nothing is known of it');
    await expectAccessible(page, 'failed pipeline');
    for (const path of ['/api/pipeline', '/api/days', '/api/acts']) stand.server.fail(path, null);
    await page.locator('.stages').getByRole('button', { name: 'Try again' }).click();
    await page.locator('.stage').first().waitFor();
  });

  test('light and dark are chosen by hand, and kept', async () => {
    const page = await stand.open('#/bars/AAPL?interval=8', { colorScheme: 'light' });
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
    expect(stand.complaints()).toEqual([]);
  });

  test('a pipeline without bars says how to load some', async () => {
    stand.server.fail('/api/symbols', null);
    const kept = [...stand.server.market];
    stand.server.market.clear();
    const page = await stand.open('');
    await page.getByRole('heading', { name: 'No bars yet' }).waitFor();
    await expectAccessible(page, 'empty');
    for (const [symbol, days] of kept) stand.server.market.set(symbol, days);
    stand.server.say(silverOf({}));
    await barsShown(page);
  });

  test('an act asks first, shows its command and its progress, and can be stopped', async () => {
    const page = await stand.open('#/pipeline');
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
    expect(stand.server.acts).toHaveLength(0);
    await dialog.getByRole('button', { name: 'Replay a range' }).click();
    await page.locator('.act progress').waitFor();
    expect(stand.server.acts[0]!.request).toEqual({
      kind: 'replay',
      from: '2018-05-01',
      to: '2018-05-11',
      symbols: ['AAPL', 'AGM/A'],
    });
    expect(await page.locator('.act').first().innerText()).toContain('3 of 12 days');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('.act').first().getByRole('button', { name: 'Copy' }).click();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toBe('npm run fibbars -- replay');
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.locator('.act').innerText()).toContain('stopped by you');
    expect(stand.complaints()).toEqual([]);
  });

  test('an act whose end is told before its beginning has ended', async () => {
    stand.server.endActsAtOnce(true);
    const page = await stand.open('#/pipeline');
    await page.locator('.live[data-state=live]').waitFor();
    const acts = await page.locator('.act').count();
    await page.getByRole('button', { name: 'Redrive dead letters' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive dead letters' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.locator('.act').count()).toBe(acts + 1);
    expect(await page.locator('.act').first().innerText()).toContain('done at once');
    stand.server.endActsAtOnce(false);
    expect(stand.complaints()).toEqual([]);
  });

  test('the calendar is walked through with the arrow keys', async () => {
    const page = await stand.open('#/pipeline?trace=0b3c9d52-6f0e-4a86-9d3c-0c7a5f1f6a01');
    await page.locator('.calendar').waitFor();
    const told = await page.locator('.day-told').innerText();
    await page.locator('.cell[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.day-told').innerText()).not.toBe(told);
    expect(await page.locator('.steps li').count()).toBe(5);
    await page.getByRole('link', { name: 'Earlier' }).click();
    await expect.poll(() => page.url()).toContain('through=');
    await expectFits(page, 'pipeline');
    expect(stand.complaints()).toEqual([]);
  });
});
