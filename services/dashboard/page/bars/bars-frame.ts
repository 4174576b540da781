import { html, nothing, type TemplateResult } from 'lit-html';
import type { Bars } from '../../api.ts';
import { type BarsAddress, writeAddress } from '../address.ts';
import type { App } from '../app.ts';
import { route } from '../ask.ts';
import { counted } from '../exact-text.ts';
import { intervalName } from './slot.ts';

/** Symbol, intervals and export; links and not buttons, so that each can be opened, copied, and left with the back button. */
export function toolbar(app: App, address: BarsAddress, series: Bars | null): TemplateResult {
  const { symbol, interval, beside } = address;
  if (symbol === null || interval === null) return html``;
  const { intervals } = app.session;
  return html`<div class="toolbar">
    <div class="toolbar-symbol">
      <h1 class="symbol">${symbol}</h1>
      <p class="quiet">${series === null ? nothing : summary(series)}</p>
    </div>
    <nav class="intervals" aria-label="Days in a bar">
      ${intervals.map(
        (days) => html`<a
          class="interval"
          href=${writeAddress({ ...address, interval: days, beside: beside === days ? null : beside })}
          aria-current=${days === interval ? 'true' : 'false'}
          aria-label="${days}d, ${intervalName(days)}"
        >${days}<span class="unit">d</span></a>`,
      )}
    </nav>
    <label class="field-inline">
      <span>Beside</span>
      <select
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          app.go({ ...address, beside: value === '' ? null : Number(value) });
        }}
      >
        <option value="" .selected=${beside === null}>nothing</option>
        ${intervals
          .filter((days) => days !== interval)
          .map(
            (days) => html`<option value=${days} .selected=${days === beside}>${intervalName(days)}</option>`,
          )}
      </select>
    </label>
    <a class="button" href=${route('bars.csv', { symbol, interval })} download>
      CSV<span class="heard">, ${intervalName(interval)} of ${symbol}</span>
    </a>
  </div>`;
}

function summary({ bars, more, adjusted, splits, interval }: Bars): string {
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return `no ${intervalName(interval)}`;
  return [
    more ? `${first.start} and before – ${last.end}` : `${first.start} – ${last.end}`,
    ...(more ? [] : [counted(bars.length, 'bar')]),
    adjusted ? 'adjusted for splits' : 'as traded',
    ...(splits.length > 0 ? [counted(splits.length, 'split')] : []),
  ].join(' · ');
}

/** Said when there is no bar of any symbol. */
export function welcome(): TemplateResult {
  return html`<section class="welcome">
    <h1>No bars yet</h1>
    <p>Nothing has been taken into <code>raw_ohlcv</code>. Load history, and it shows up here as it is resampled:</p>
    <pre><code>npm run fibbars -- backfill --source flatfiles --path DIR
npm run fibbars -- backfill --source massive --from 2024-01-02 --symbols AAPL,MSFT</code></pre>
  </section>`;
}
