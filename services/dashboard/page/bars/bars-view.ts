import { render } from 'lit-html';
import type { LiveEvent, SymbolFound } from '../../api.ts';
import type { BarsAddress } from '../address.ts';
import type { App, View } from '../app.ts';
import { ask, route } from '../ask.ts';
import { onThemeChange } from '../theme.ts';
import { indexAt } from './bar-series.ts';
import { toolbar, welcome } from './bars-frame.ts';
import { keysExplained } from './chart-keys.ts';
import { createGroups } from './group-of.ts';
import { type Group, type Pointed, readout, spoken } from './readout.ts';
import { extentOf, samePlace } from './same-days.ts';
import { createSlot, type Slot } from './slot.ts';

/** Said only when the reader rests: a screen reader would otherwise be cut off at each bar. */
const spokenAfterMs = 250;

/** Candles of a symbol at one interval, or at two that show the same days. */
export function mountBars(host: HTMLElement, app: App): View<BarsAddress> {
  const bar = document.createElement('div');
  const charts = document.createElement('div');
  charts.className = 'charts';
  const panel = document.createElement('aside');
  panel.className = 'panel readout';
  panel.setAttribute('aria-label', 'The bar pointed at');
  const voice = document.createElement('p');
  voice.className = 'heard';
  voice.setAttribute('aria-live', 'polite');
  const keys = document.createElement('p');
  keys.className = 'heard';
  keys.id = 'chart-keys';
  keys.textContent = keysExplained;
  const welcoming = document.createElement('div');
  render(welcome(), welcoming);
  host.className = 'bars-view';
  host.replaceChildren(bar, charts, panel, voice, keys);

  let address: BarsAddress = { view: 'bars', symbol: null, interval: null, beside: null };
  let group: Group = { kind: 'none' };
  let pointed: { readonly slot: Slot; readonly start: string } | null = null;
  let speaking: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;
  const askGroup = createGroups((found) => {
    group = found;
    paint();
  });

  const main = newSlot('Chart');
  let beside: Slot | null = null;
  /** The chart that the reader moves; the other follows. */
  let leader = main;
  const forgetTheme = onThemeChange(recolor);

  function newSlot(name: string): Slot {
    const slot: Slot = createSlot(charts, name, {
      onPoint: (start, by) => point(slot, start, by),
      onMove: () => follow(slot),
      onBars() {
        follow(leader);
        tellBar();
        paint();
      },
      onTouch() {
        leader = slot;
      },
    });
    return slot;
  }

  function otherThan(slot: Slot): Slot | null {
    return slot === main ? beside : main;
  }

  function follow(slot: Slot): void {
    const other = otherThan(slot);
    const range = slot.chart.range();
    if (slot !== leader || !slot.series?.bars.length || !other?.series?.bars.length || range === null) return;
    const [from, to] = [extentOf(slot.series), extentOf(other.series)];
    other.chart.show({ from: samePlace(range.from, from, to), to: samePlace(range.to, from, to) });
  }

  function point(slot: Slot, start: string | null, by: 'pointer' | 'keys'): void {
    pointed = start === null ? null : { slot, start };
    const day = start === null ? undefined : slot.bars[indexAt(slot.bars, start)]?.end;
    const other = otherThan(slot);
    const same = other === null || day === undefined ? -1 : indexAt(other.bars, day);
    other?.chart.point(same < 0 ? null : same, false);
    tellBar();
    paint();
    clearTimeout(speaking);
    const said = current();
    if (by === 'keys' && said !== null) {
      speaking = setTimeout(() => {
        voice.textContent = spoken(said);
      }, spokenAfterMs);
    }
  }

  /** The bar pointed at; the newest of the first chart when there is none. */
  function current(): Pointed | null {
    const slot = pointed?.slot ?? main;
    const found = pointed === null ? slot.bars.at(-1) : slot.bars[indexAt(slot.bars, pointed.start)];
    if (found === undefined || slot.series === null) return null;
    const { symbol, interval, splits } = slot.series;
    return { symbol, bar: found, interval, splits, newest: pointed === null };
  }

  function tellBar(): void {
    const now = current();
    if (now !== null) askGroup(now.symbol, now.interval, now.bar);
  }

  function paint(): void {
    if (disposed) return;
    render(toolbar(app, address, main.series?.symbol === address.symbol ? main.series : null), bar);
    const now = current();
    panel.hidden = now === null;
    // Of the symbol before, until the bars of this one are there.
    panel.classList.toggle('passing', now?.symbol !== address.symbol);
    if (now !== null) render(readout(now, group), panel);
  }

  function recolor(): void {
    main.chart.recolor();
    beside?.chart.recolor();
  }

  async function chooseSymbol(): Promise<void> {
    // Without an answer there is nothing to choose: the frame says that the server is away, and asks again when it is back.
    const [first] = await ask<SymbolFound[]>(route('symbols', { query: '', limit: 1 })).catch(() => []);
    if (disposed || address.symbol !== null) return;
    if (first === undefined) host.replaceChildren(welcoming);
    else {
      host.replaceChildren(bar, charts, panel, voice, keys);
      app.go({ ...address, symbol: first.symbol }, 'replace');
    }
  }

  return {
    show(next) {
      const { intervals } = app.session;
      const interval = next.interval ?? intervals.find((days) => days === 8) ?? intervals[0] ?? 1;
      address = { ...next, interval };
      pointed = null;
      if (address.symbol === null) {
        void chooseSymbol();
        return;
      }
      document.title = `${address.symbol} ${interval}d · fibonacci-bars`;
      main.show(address.symbol, interval);
      if (address.beside === null) {
        beside?.remove();
        beside = null;
        leader = main;
      } else {
        beside ??= newSlot('Second chart');
        beside.show(address.symbol, address.beside);
      }
      charts.dataset['charts'] = beside === null ? '1' : '2';
      paint();
    },
    hear(event) {
      if (address.symbol === null && event.kind === 'silver') void chooseSymbol();
      for (const slot of [main, beside]) {
        if (slot !== null && concerns(event, slot, address)) slot.refresh(event.fromDay);
      }
    },
    catchUp() {
      if (address.symbol === null) void chooseSymbol();
      main.refresh(null);
      beside?.refresh(null);
    },
    dispose() {
      disposed = true;
      forgetTheme();
      clearTimeout(speaking);
      main.remove();
      beside?.remove();
    },
  };
}

type Silver = Extract<LiveEvent, { kind: 'silver' }>;

/** Daily bars have no event of their own here: what changes silver has changed them first. */
function concerns(event: LiveEvent, slot: Slot, { symbol }: BarsAddress): event is Silver {
  if (event.kind !== 'silver' || symbol === null || !event.symbols.includes(symbol)) return false;
  return event.changedRows > 0 && (slot.interval === 1 || slot.interval === event.interval);
}
