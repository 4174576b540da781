import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { LiveEvent } from '../../../services/dashboard/api.ts';
import { launchChromium } from './chromium.ts';
import { type Opened, openPage } from './open-page.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

export type BeforeStandIn = {
  readonly server: StandIn;
  /** Opens a window on that address, for one test. */
  open(fragment: string, options?: BrowserContextOptions): Promise<Page>;
  complaints(): string[];
};

/** A browser and a made-up server for the tests of a describe block. */
export function beforeStandIn(chromium: string | null): BeforeStandIn {
  let browser: Browser;
  let server: StandIn;
  let opened: Opened;
  beforeAll(async () => {
    server = await startStandIn(['AAPL', 'AGM/A', 'BRK.B', 'CPS', 'CpS']);
    browser = await launchChromium(chromium ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  afterEach(() => opened.close());
  return {
    get server() {
      return server;
    },
    async open(fragment, options) {
      opened = await openPage(browser, server.url + fragment, options);
      return opened.page;
    },
    complaints: () => opened.complaints(),
  };
}

export function silverOf(change: Partial<Extract<LiveEvent, { kind: 'silver' }>>): LiveEvent {
  return {
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
  };
}
