import { html, nothing, type TemplateResult } from 'lit-html';
import type { Bar, DailyBar, Split } from '../../api.ts';
import { groupDigits } from '../exact-text.ts';

/** The days of a bar, as far as they are known. */
export type Group =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly days: readonly DailyBar[] }
  | { readonly kind: 'failed'; readonly error: string };

export type Pointed = {
  readonly symbol: string;
  readonly bar: Bar;
  readonly interval: number;
  readonly splits: readonly Split[];
  /** Nobody points at a bar: it is the newest. */
  readonly newest: boolean;
};

/** What the panel says of a bar, and of the days in it. */
export function readout({ bar, interval, newest, splits }: Pointed, group: Group): TemplateResult {
  const rising = Number(bar.close) >= Number(bar.open);
  const values = [
    ['Open', bar.open],
    ['High', bar.high],
    ['Low', bar.low],
    ['Close', bar.close],
    ['Volume', groupDigits(bar.volume)],
  ];
  return html`
    <header class="readout-head">
      <p class="readout-what">${newest ? 'Newest bar' : 'Bar'}${interval === 1 ? '' : `, ${interval} days`}</p>
      <p class="readout-days">${bar.start === bar.end ? bar.start : html`${bar.start} <span aria-label="to">–</span> ${bar.end}`}</p>
      <p class="chips">
        ${bar.count < interval ? html`<span class="chip chip-forming">forming, ${bar.count} of ${interval}</span>` : nothing}
        <span class="chip ${rising ? 'chip-up' : 'chip-down'}">${rising ? '▲ rose' : '▼ fell'}</span>
      </p>
    </header>
    <dl class="values">
      ${values.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
    ${interval === 1 ? nothing : daysOf(bar, group)}
    ${splits.length > 0 ? splitsOf(splits) : nothing}
    <p class="hint">
      <kbd>←</kbd> <kbd>→</kbd> on the chart from bar to bar · <kbd>+</kbd> <kbd>−</kbd> zoom · <kbd>/</kbd> another symbol
    </p>
  `;
}

function daysOf(bar: Bar, group: Group): TemplateResult {
  const body = {
    none: () => html``,
    loading: () => html`<p class="quiet">Loading its ${bar.count} daily bars …</p>`,
    failed: () => html`<p class="quiet">${group.kind === 'failed' ? group.error : ''}</p>`,
    ready: () => (group.kind === 'ready' ? daysTable(group.days) : html``),
  }[group.kind]();
  return html`<h3 class="panel-title">The ${bar.count === 1 ? 'day' : `${bar.count} days`} in it</h3>${body}`;
}

function daysTable(days: readonly DailyBar[]): TemplateResult {
  return html`<div class="days-scroll" tabindex="0" role="region" aria-label="Daily bars in this bar">
    <table class="days">
      <thead><tr><th scope="col">Day</th><th scope="col">Open</th><th scope="col">High</th><th scope="col">Low</th><th scope="col">Close</th><th scope="col">Volume</th></tr></thead>
      <tbody>
        ${days.map(
          ({ day, open, high, low, close, volume }) => html`<tr>
            <th scope="row">${day}</th><td>${open}</td><td>${high}</td><td>${low}</td><td>${close}</td><td>${groupDigits(volume)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function splitsOf(splits: readonly Split[]): TemplateResult {
  return html`<ul class="splits" aria-label="Splits">
    ${splits.map(({ exDay, from, to }) => html`<li><b>${to}:${from}</b> split on ${exDay}</li>`)}
  </ul>`;
}

/** The same in a sentence, for the ear. */
export function spoken({ symbol, bar, interval }: Pointed): string {
  const what =
    interval === 1 ? `${symbol}, ${bar.start}` : `${symbol}, ${interval} days, ${bar.start} to ${bar.end}`;
  const forming = bar.count < interval ? `, forming, ${bar.count} of ${interval}` : '';
  return `${what}${forming}: open ${bar.open}, high ${bar.high}, low ${bar.low}, close ${bar.close}, volume ${bar.volume}`;
}
