import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

export type Opened = {
  readonly page: Page;
  /** What the console and the network said against the page since the last call. */
  complaints(): string[];
  close(): Promise<void>;
};

/** A window of its own on an address; what its console says, and each request that leaves the server, is noted. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  let noted: string[] = [];
  const origin = new URL(url).origin;
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') noted.push(message.text());
  });
  page.on('pageerror', (error) => noted.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) noted.push(`a request left the machine: ${request.url()}`);
  });
  await page.goto(url);
  return {
    page,
    complaints() {
      const all = noted;
      noted = [];
      return all;
    },
    close: () => context.close(),
  };
}

/** Waits until both the bars and their chart are there. */
export async function barsShown(page: Page): Promise<void> {
  await page.locator('.slot[data-state="ready"]').first().waitFor();
  await page.locator('.readout-days').waitFor();
}

type Violation = {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: { html: string; failureSummary: string }[];
};

/** WCAG 2.2 AA and axe's best practices, of all that is on the page. The policy lets no script in, so it goes past it. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(
    "axe.run(document, { rules: { 'target-size': { enabled: true } } }).then((found) => found.violations)",
  );
  const told = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  );
  expect({ what, told }).toEqual({ what, told: [] });
}

/** Nothing is wider than the window, so that nobody has to scroll sideways. */
export async function expectFits(page: Page, what: string): Promise<void> {
  const beyond = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect({ what, beyond }).toEqual({ what, beyond: 0 });
}
