import { html, nothing, render, svg } from 'lit-html';
import type { LiveEvent } from '../api.ts';
import { type Address, writeAddress } from './address.ts';
import type { App } from './app.ts';
import { count } from './exact-text.ts';
import type { LiveState } from './live.ts';
import { createSearch } from './search.ts';
import { currentTheme, onThemeChange, switchTheme } from './theme.ts';
import { timeOfDay } from './times.ts';

type Silver = Extract<LiveEvent, { kind: 'silver' }>;

/** Three bars, the last one forming. */
const mark = html`<svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true">${svg`
  <path d="M3.5 3v14M10 1v16M16.5 5v12" />
  <rect x="1" y="7" width="5" height="7" /><rect x="7.5" y="4" width="5" height="9" />
  <rect class="forming" x="14" y="7.5" width="5" height="6" />`}</svg>`;

/** What surrounds both views: where one is, the search, whether the page is live, the theme. */
export function createFrame(app: App) {
  const skip = document.createElement('a');
  skip.className = 'skip';
  skip.href = '#view';
  skip.textContent = 'Skip to the view';
  skip.addEventListener('click', (event) => {
    event.preventDefault();
    document.querySelector<HTMLElement>('#view')?.focus();
  });
  const header = document.createElement('header');
  header.className = 'frame';
  const footer = document.createElement('footer');
  footer.className = 'foot';
  const place = document.createElement('div');
  place.className = 'place';
  const search = createSearch(
    () => app.session.symbols,
    (symbol) => app.go({ view: 'bars', symbol, interval: bars.interval, beside: bars.beside }),
  );

  let address: Address = readBars();
  let bars = readBars();
  let state: LiveState = { kind: 'connecting' };
  let heard: Silver | null = null;

  function paint(): void {
    render(
      html`<a class="brand" href=${writeAddress(bars)}>${mark}<span class="brand-name">fibonacci<b>bars</b></span></a>
        <nav class="views" aria-label="Views">
          <a href=${writeAddress(bars)} aria-current=${address.view === 'bars' ? 'page' : nothing}>Bars</a>
          <a href="#/pipeline" aria-current=${address.view === 'pipeline' ? 'page' : nothing}>Pipeline</a>
        </nav>
        ${search}
        <p class="live" data-state=${state.kind} role="status"><span class="live-dot" aria-hidden="true"></span>${words(state)}</p>
        <button class="theme" type="button" @click=${switchTheme} title="Light, dark, or what the system says">
          <span aria-hidden="true">◐</span><span class="heard">Colours:</span> ${currentTheme()}
        </button>
        ${
          state.kind === 'stale'
            ? html`<p class="stale-note" role="alert">
                The server has not been heard since ${timeOfDay(state.since)}: what you see is from then. The page goes on trying.
              </p>`
            : nothing
        }`,
      header,
    );
    render(
      html`<p>${heard === null ? 'No change of silver heard yet' : lastChange(heard)}</p>
        <p>
          fibonacci-bars ${app.session.version} · ${app.session.local ? 'this machine’s pipeline' : 'read only'} · charts by
          <a href="https://www.tradingview.com/" target="_blank" rel="noopener noreferrer">TradingView</a> Lightweight Charts™, © 2025
          TradingView, Inc., Apache 2.0
        </p>`,
      footer,
    );
  }

  function lastChange({ interval, symbols, changedRows, cause, occurredAt, correlationId }: Silver) {
    const whom = symbols.length === 1 ? symbols[0] : `${count(symbols.length)} symbols`;
    return html`<span class="quiet">Last change</span> ${timeOfDay(new Date(occurredAt))} · ${whom}, ${interval} days ·
      ${count(changedRows)} ${changedRows === 1 ? 'row' : 'rows'} · ${cause} ·
      <a href=${writeAddress({ view: 'pipeline', trace: correlationId, through: null })}>trace</a>`;
  }

  onThemeChange(paint);
  paint();

  return {
    elements: [skip, header, place, footer],
    repaint: paint,
    place(view: HTMLElement): void {
      place.replaceChildren(view);
    },
    show(next: Address): void {
      address = next;
      if (next.view === 'bars' && next.symbol !== null) bars = next;
      paint();
    },
    hear(event: LiveEvent): void {
      if (event.kind !== 'silver') return;
      heard = event;
      paint();
    },
    state(next: LiveState): void {
      state = next;
      paint();
    },
  };
}

function readBars() {
  return {
    view: 'bars' as const,
    symbol: null as string | null,
    interval: null as number | null,
    beside: null as number | null,
  };
}

function words(state: LiveState): string {
  if (state.kind === 'stale') return `stale since ${timeOfDay(state.since)}`;
  return state.kind;
}
