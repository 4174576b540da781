import { html, nothing, render } from 'lit-html';
import type { Bar, Bars } from '../../api.ts';
import { AskError } from '../ask.ts';
import { changedStarts, indexAt, loadChanged, loadNewest, loadOlder } from './bar-series.ts';
import { type Chart, createBarChart } from './chart.ts';
import { listenToKeys } from './chart-keys.ts';
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

  let series: Bars | null = null;
  let wanted = { symbol: '', interval: 0 };
  let loading = new AbortController();
  let olderUnderWay: Promise<boolean> | null = null;
  /** What to read again once the reading under way has come; undefined: nothing. */
  let staleFrom: string | null | undefined;
  let refreshing = false;
  let pointed: string | null = null;

  function pointAt(index: number | null, by: 'pointer' | 'keys'): void {
    pointed = index === null ? null : (series?.bars[index]?.start ?? null);
    events.onPoint(pointed, by);
  }

  const chart = createBarChart(host, {
    onHover: (index) => pointAt(index, 'pointer'),
    onRange({ from, to }) {
      const bars = series?.bars ?? [];
      element.dataset['from'] = bars[Math.max(Math.ceil(from), 0)]?.start ?? '';
      element.dataset['through'] = bars[Math.min(Math.floor(to), bars.length - 1)]?.end ?? '';
      if (from < reserveBars) void older();
      events.onMove();
    },
  });
  for (const kind of ['pointerenter', 'pointerdown', 'focusin', 'wheel'] as const) {
    element.addEventListener(kind, events.onTouch, { passive: true });
  }
  listenToKeys(host, {
    chart,
    bars: () => series?.bars.length ?? 0,
    pointed: () => (pointed === null ? null : indexAt(series?.bars ?? [], pointed)),
    point(index) {
      chart.point(index, true);
      pointAt(index, 'keys');
    },
    pointAtFirst: () => void pointAtFirst(),
  });

  function settle(state: State): void {
    element.dataset['state'] = state.kind;
    host.setAttribute('aria-label', `${name}: ${wanted.symbol}, ${intervalName(wanted.interval)}`);
    element.setAttribute('aria-busy', String(state.kind === 'loading'));
    tag.textContent = intervalName(wanted.interval);
    render(veilOf(state), veil);
  }

  function veilOf(state: State) {
    if (state.kind === 'loading') return html`<p class="veil-note">Loading …</p>`;
    if (state.kind === 'empty')
      return html`<p class="veil-note">No ${intervalName(wanted.interval)} of ${wanted.symbol} yet.</p>`;
    if (state.kind === 'ready') return nothing;
    return html`<div class="veil-note" role="alert">
      <p>${state.error}</p>
      ${state.again ? html`<button type="button" @click=${() => void load()}>Try again</button>` : nothing}
    </div>`;
  }

  async function load(): Promise<void> {
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    const { symbol, interval } = wanted;
    settle({ kind: 'loading' });
    try {
      const next = await loadNewest(symbol, interval, signal);
      const before = series;
      const range = chart.range();
      series = next;
      chart.draw(next);
      // Another interval of the same symbol ends on the same day and is as far zoomed; another symbol begins at its newest.
      if (before?.symbol === symbol && before.bars.length > 0 && range !== null) {
        const to = samePlace(range.to, extentOf(before), extentOf(next));
        chart.show({ from: to - (range.to - range.from), to });
      } else {
        chart.showNewest();
      }
      settle({ kind: next.bars.length > 0 ? 'ready' : 'empty' });
      events.onBars();
    } catch (error) {
      if (!signal.aborted) fail(error);
    }
  }

  function fail(error: unknown): void {
    series = null;
    chart.clear();
    // What the server refuses now it refuses again.
    const again = !(error instanceof AskError) || error.status === 0 || error.status >= 500;
    settle({ kind: 'failed', error: (error as Error).message, again });
    events.onBars();
  }

  /** Whether there are still older ones to be had. */
  function older(): Promise<boolean> {
    olderUnderWay ??= fetchOlder().finally(() => {
      olderUnderWay = null;
    });
    return olderUnderWay;
  }

  async function fetchOlder(): Promise<boolean> {
    const { signal } = loading;
    const asked = series;
    if (asked === null || !asked.more) return false;
    try {
      const longer = await loadOlder(asked, signal);
      // A change that came meanwhile has replaced the series: panning on asks again.
      if (series === asked && !signal.aborted) redraw(longer);
      return longer.more && !signal.aborted;
    } catch {
      // Panning on asks again.
      return false;
    }
  }

  async function pointAtFirst(): Promise<void> {
    let more = true;
    while (more) more = await older();
    chart.point(0, true);
    pointAt(0, 'keys');
  }

  async function refresh(fromDay: string | null): Promise<void> {
    staleFrom = staleFrom === undefined ? fromDay : earlier(staleFrom, fromDay);
    if (refreshing) return;
    refreshing = true;
    const { signal } = loading;
    try {
      while (staleFrom !== undefined && series !== null && !signal.aborted) {
        const from: string | null = staleFrom;
        staleFrom = undefined;
        const asked = series;
        const next = await loadChanged(asked, from, signal);
        if (signal.aborted) break;
        const known = changedStarts(asked.bars, next.bars);
        redraw(next, known.size < reserveBars ? known : new Set());
        if (next.bars.length > 0) settle({ kind: 'ready' });
      }
    } catch {
      // The connection is what failed, and the page says so; when it is back, everything is read again.
    } finally {
      refreshing = false;
      staleFrom = undefined;
    }
  }

  function redraw(next: Bars, changed?: ReadonlySet<string>): void {
    series = next;
    chart.draw(next, changed);
    events.onBars();
  }

  return {
    element,
    chart,
    get bars() {
      return series?.bars ?? [];
    },
    get series() {
      return series;
    },
    show(symbol, interval) {
      if (wanted.symbol === symbol && wanted.interval === interval) return;
      wanted = { symbol, interval };
      pointed = null;
      chart.point(null, false);
      void load();
    },
    refresh(fromDay) {
      if (series === null || series.bars.length === 0) void load();
      else void refresh(fromDay);
    },
    remove() {
      loading.abort();
      chart.remove();
      element.remove();
    },
  };
}

/** `daily bars`, `21-day bars`. */
export function intervalName(interval: number): string {
  return interval === 1 ? 'daily bars' : `${interval}-day bars`;
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return null;
  return one < other ? one : other;
}
