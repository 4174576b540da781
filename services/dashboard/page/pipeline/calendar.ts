import { html, render, type TemplateResult } from 'lit-html';
import type { Day, DayState } from '../../api.ts';
import { type PipelineAddress, writeAddress } from '../address.ts';
import type { App } from '../app.ts';
import { ask, route } from '../ask.ts';
import { counted } from '../exact-text.ts';
import { addDays, newYorkDay, weekday } from '../times.ts';

/** A letter in the cell says what the colour says. */
const letters: Readonly<Record<DayState, string>> = {
  complete: '',
  late: 'L',
  restated: 'R',
  missing: '×',
  holiday: 'H',
  weekend: '',
  outside: '',
  future: '',
};
const legend: readonly DayState[] = ['complete', 'late', 'restated', 'missing', 'holiday'];
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'];
/** As in pipeline.css: what WCAG asks of a target. */
const cellPixels = 24;
/** A pipeline that is fed shows today; one whose bars end long ago, such as the sample's, shows its last days. */
const fedDays = 45;
const restMs = 400;

/** Trading days as a heat map of weeks, to be walked through with the arrow keys. */
export function mountCalendar(body: HTMLElement, app: App) {
  let address: PipelineAddress = { view: 'pipeline', trace: null, through: null };
  let days: readonly Day[] = [];
  let note = '';
  let at = '';
  let asking = new AbortController();
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function range(): { from: string; through: string; weeks: number } {
    const weeks = Math.min(Math.max(Math.floor((body.clientWidth - 44) / cellPixels), 8), 53);
    const through = address.through ?? newest(app.session.lastDay);
    const sunday = addDays(through, 7 - weekday(through));
    return { from: addDays(sunday, 1 - weeks * 7), through: sunday, weeks };
  }

  async function read(): Promise<void> {
    const { from, through } = range();
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      days = await ask<Day[]>(route('days', { from, through }), signal);
      note = '';
      if (!days.some(({ day }) => day === at))
        at = days.findLast(isDelivered)?.day ?? days.find(isShown)?.day ?? '';
    } catch (error) {
      if (signal.aborted) return;
      note = (error as Error).message;
    }
    paint();
  }

  function paint(): void {
    const { from, through, weeks } = range();
    const step = (by: number) =>
      writeAddress({ ...address, through: addDays(through, by * Math.max(weeks - 2, 1) * 7) });
    render(
      html`<div class="calendar-head">
          <p class="quiet">${from} – ${through}</p>
          <p class="calendar-steps"><a class="button" href=${step(-1)}>Earlier</a> <a class="button" href=${step(1)}>Later</a></p>
        </div>
        ${note === '' ? grid() : html`<p class="note" role="alert">${note}</p>`}
        <p class="day-told" aria-live="polite">${told(days.find(({ day }) => day === at))}</p>
        <ul class="legend">
          ${legend.map(
            (
              state,
            ) => html`<li><span class="cell" data-state=${state} aria-hidden="true">${letters[state]}</span> ${state}
              <b>${days.filter((day) => day.state === state).length}</b></li>`,
          )}
        </ul>`,
      body,
    );
  }

  function grid(): TemplateResult {
    const columns = weeksOf(days);
    return html`<table class="calendar" role="grid" aria-label="Trading days by week" @keydown=${onKey}>
      <thead><tr><th scope="col"><span class="heard">Weekday</span></th>${monthsOf(columns).map(
        ({ name, weeks }) =>
          html`<th scope="colgroup" colspan=${weeks}><span class=${weeks > 1 ? '' : 'heard'}>${name}</span></th>`,
      )}</tr></thead>
      <tbody>
        ${weekdays.map(
          (name, row) => html`<tr>
            <th scope="row">${name}</th>
            ${columns.map((column) => cell(column[row]))}
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  function cell(day: Day | undefined): TemplateResult {
    if (day === undefined) return html`<td></td>`;
    return html`<td class="cell" role="gridcell" id="day-${day.day}" data-state=${day.state} tabindex=${day.day === at ? 0 : -1}
      aria-label=${told(day)} @focus=${() => goTo(day.day)} @pointerenter=${() => goTo(day.day)}>${letters[day.state]}</td>`;
  }

  function goTo(day: string): void {
    if (day === at) return;
    at = day;
    paint();
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    let day = addDays(at, step);
    // Up from Monday is Friday, and down from Friday is Monday.
    while (weekday(day) > 5) day = addDays(day, Math.sign(step));
    document.getElementById(`day-${day}`)?.focus();
  }

  return {
    show(next: PipelineAddress) {
      const moved = next.through !== address.through || days.length === 0;
      address = next;
      if (moved) void read();
    },
    /** Reads again, soon: days come in bursts. */
    read() {
      clearTimeout(waiting);
      waiting = setTimeout(() => void read(), restMs);
    },
  };
}

function newest(lastDay: string | null): string {
  const today = newYorkDay(new Date());
  return lastDay !== null && addDays(lastDay, fedDays) < today ? lastDay : today;
}

function isDelivered({ bars }: Day): boolean {
  return bars > 0;
}

function isShown({ day }: Day): boolean {
  return weekday(day) <= 5;
}

function told(day: Day | undefined): string {
  if (day === undefined) return '';
  const words = [`${day.day}: ${day.state === 'outside' ? 'nothing was delivered' : day.state}`];
  if (day.note !== null) words.push(day.note);
  if (day.bars > 0) words.push(counted(day.bars, 'bar'));
  if (day.quarantined > 0) words.push(`${counted(day.quarantined, 'row')} in quarantine`);
  return words.join(', ');
}

/** Columns of Monday to Friday. */
function weeksOf(days: readonly Day[]): Day[][] {
  const weeks: Day[][] = [];
  for (const day of days.filter(isShown)) {
    if (weekday(day.day) === 1) weeks.push([]);
    weeks.at(-1)?.push(day);
  }
  return weeks;
}

/** A name needs the width of two weeks. */
function monthsOf(weeks: readonly (readonly Day[])[]): { name: string; weeks: number }[] {
  const months: { month: string; name: string; weeks: number }[] = [];
  for (const [monday] of weeks) {
    const month = monday?.day.slice(0, 7) ?? '';
    const last = months.at(-1);
    if (last?.month === month) last.weeks += 1;
    else months.push({ month, name: monthName(month), weeks: 1 });
  }
  return months;
}

function monthName(month: string): string {
  const name = new Date(`${month}-01T00:00:00Z`).toLocaleString('en-US', { month: 'short', timeZone: 'UTC' });
  return month.endsWith('-01') ? `${name} ${month.slice(2, 4)}` : name;
}
