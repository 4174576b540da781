import { html, nothing, render } from 'lit-html';
import type { Bar, Bars } from '../../api.ts';
import { AskError } from '../ask.ts';
import { indexAt } from './bar-series.ts';
import { type Chart, createBarChart } from './chart.ts';
import { listenToKeys } from './chart-keys.ts';
import { LoadedBars } from './loaded-bars.ts';
import { extentOf, samePlace } from './same-days.ts';

export type SlotEvents = {
  /** The reader points at a bar, with the pointer or by keys; null: at none any more. A bar is known by the day it starts on. */
  readonly onPoint: (start: string | null, by: 'pointer' | 'keys') => void;
  /** The chart shows other days, whoever moved it. */
  readonly onMove: () => void;
  /** There are bars, or others than before. */
  readonly onBars: () => void;
  readonly onTouch: () => void;
};

/** One interval of the symbol: its bars as far as they are loaded, its chart, and what there is to say while there is none. */
export type Slot = {
  /** Its data attributes `from` and `through` are the days in view, `state` is what it is at. */
  readonly element: HTMLElement;
  readonly bars: readonly Bar[];
  readonly series: Bars | null;
  /** What it shows, or is about to. */
  readonly interval: number;
  readonly chart: Chart;
  show(symbol: string, interval: number): void;
  /** Reads what has changed from that day on, and moves it on the screen; null: all. */
  refresh(fromDay: string | null): void;
  remove(): void;
};

type State =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'failed'; readonly error: string; readonly again: boolean };

/** Older bars are asked for when fewer than these are left of the visible ones. */
const reserveBars = 200;

/** Appends itself to `parent`, which is on the page already: the chart takes its colours and its size from there. */
export function createSlot(parent: HTMLElement, name: string, events: SlotEvents): Slot {
  const element = document.createElement('section');
  element.className = 'slot';
  const tag = document.createElement('h2');
  tag.className = 'slot-tag';
  const host = document.createElement('div');
  host.className = 'slot-chart';
  host.tabIndex = 0;
  host.setAttribute('role', 'application');
  host.setAttribute('aria-roledescription', 'chart');
  host.setAttribute('aria-describedby', 'chart-keys');
  const veil = document.createElement('div');
  veil.className = 'slot-veil';
  element.append(tag, host, veil);
  parent.append(element);

  const loaded: LoadedBars = new LoadedBars({
    onLoading: () => settle({ kind: 'loading' }),
    onLoaded(next, before) {
      const range = chart.range();
      chart.draw(next);
      // Another interval of the same symbol ends on the same day and is as far zoomed; another symbol begins at its newest.
      if (before?.symbol === next.symbol && before.bars.length > 0 && range !== null) {
        const to = samePlace(range.to, extentOf(before), extentOf(next));
        chart.show({ from: to - (range.to - range.from), to });
      } else {
        chart.showNewest();
      }
      settle({ kind: next.bars.length > 0 ? 'ready' : 'empty' });
      events.onBars();
    },
    onGrown(next, changed) {
      chart.draw(next, changed);
      settle({ kind: next.bars.length > 0 ? 'ready' : 'empty' });
      events.onBars();
    },
    onFailed(error) {
      chart.clear();
      // What the server refuses now it refuses again.
      const again = !(error instanceof AskError) || error.status === 0 || error.status >= 500;
      settle({ kind: 'failed', error: (error as Error).message, again });
      events.onBars();
    },
  });
  const barsNow = (): readonly Bar[] => loaded.series?.bars ?? [];
  let pointed: string | null = null;

  function pointAt(index: number | null, by: 'pointer' | 'keys'): void {
    pointed = index === null ? null : (barsNow()[index]?.start ?? null);
    events.onPoint(pointed, by);
  }

  const chart = createBarChart(host, {
    onHover: (index) => pointAt(index, 'pointer'),
    onRange({ from, to }) {
      const bars = barsNow();
      element.dataset['from'] = bars[Math.max(Math.ceil(from), 0)]?.start ?? '';
      element.dataset['through'] = bars[Math.min(Math.floor(to), bars.length - 1)]?.end ?? '';
      if (from < reserveBars) void loaded.older();
      events.onMove();
    },
  });
  for (const kind of ['pointerenter', 'pointerdown', 'focusin', 'wheel'] as const) {
    element.addEventListener(kind, events.onTouch, { passive: true });
  }
  listenToKeys(host, {
    chart,
    bars: () => barsNow().length,
    pointed: () => (pointed === null ? null : indexAt(barsNow(), pointed)),
    point(index) {
      chart.point(index, true);
      pointAt(index, 'keys');
    },
    pointAtFirst: () => void pointAtFirst(),
  });

  function settle(state: State): void {
    element.dataset['state'] = state.kind;
    host.setAttribute(
      'aria-label',
      `${name}: ${loaded.wanted.symbol}, ${intervalName(loaded.wanted.interval)}`,
    );
    element.setAttribute('aria-busy', String(state.kind === 'loading'));
    tag.textContent = intervalName(loaded.wanted.interval);
    render(veilOf(state), veil);
  }

  function veilOf(state: State) {
    if (state.kind === 'loading') return html`<p class="veil-note">Loading …</p>`;
    if (state.kind === 'empty')
      return html`<p class="veil-note">No ${intervalName(loaded.wanted.interval)} of ${loaded.wanted.symbol} yet.</p>`;
    if (state.kind === 'ready') return nothing;
    return html`<div class="veil-note" role="alert">
      <p>${state.error}</p>
      ${state.again ? html`<button type="button" @click=${() => loaded.load()}>Try again</button>` : nothing}
    </div>`;
  }

  async function pointAtFirst(): Promise<void> {
    let more = true;
    while (more) more = await loaded.older();
    chart.point(0, true);
    pointAt(0, 'keys');
  }

  return {
    element,
    chart,
    get bars() {
      return barsNow();
    },
    get series() {
      return loaded.series;
    },
    get interval() {
      return loaded.wanted.interval;
    },
    show(symbol, interval) {
      if (!loaded.show(symbol, interval)) return;
      pointed = null;
      chart.point(null, false);
    },
    refresh: (fromDay) => loaded.refresh(fromDay),
    remove() {
      loaded.stop();
      chart.remove();
      element.remove();
    },
  };
}

/** `daily bars`, `21-day bars`. */
export function intervalName(interval: number): string {
  return interval === 1 ? 'daily bars' : `${interval}-day bars`;
}
