import { html, type TemplateResult } from 'lit-html';
import type { LiveEvent } from '../../api.ts';
import { writeAddress } from '../address.ts';
import { count } from '../exact-text.ts';
import { timeOfDay } from '../times.ts';

type Silver = Extract<LiveEvent, { kind: 'silver' }>;

const keptEvents = 40;
const namedSymbols = 3;

/** The last events, for as long as the page is open, whichever view is shown. */
const heard: Silver[] = [];

export function keepHeard(event: Silver): void {
  // A reconnection tells the last ones again.
  if (heard.some(({ eventId }) => eventId === event.eventId)) return;
  heard.unshift(event);
  heard.length = Math.min(heard.length, keptEvents);
}

export function heardTable(): TemplateResult {
  if (heard.length === 0) {
    return html`<p class="quiet">Nothing has changed since the page was opened. Each SilverUpdated that is heard is listed here.</p>`;
  }
  return html`<div class="heard-scroll" tabindex="0" role="region" aria-label="List of changes">
    <table class="list">
      <thead><tr><th scope="col">At</th><th scope="col">Days</th><th scope="col">Symbols</th><th scope="col">Rows</th><th scope="col">Cause</th><th scope="col">From</th></tr></thead>
      <tbody>
        ${heard.map(
          (event) => html`<tr>
            <th scope="row"><a href=${writeAddress({ view: 'pipeline', trace: event.correlationId, through: null })}
              aria-label="Trace the change of ${timeOfDay(new Date(event.occurredAt))}">${timeOfDay(new Date(event.occurredAt))}</a></th>
            <td>${event.interval}</td><td class="names">${names(event.symbols)}</td><td>${count(event.changedRows)}</td>
            <td class="names">${event.cause}</td><td>${fromOf(event)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function fromOf({ changedRows, fromDay }: Silver): string {
  return changedRows === 0 ? 'none differed' : (fromDay ?? 'the first');
}

function names(symbols: readonly string[]): string {
  const rest = symbols.length - namedSymbols;
  return symbols.slice(0, namedSymbols).join(', ') + (rest > 0 ? ` and ${count(rest)} more` : '');
}
