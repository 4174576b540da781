import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Act } from '../../api.ts';
import type { App } from '../app.ts';
import { ask, route, tell } from '../ask.ts';
import { count } from '../exact-text.ts';
import { timeOfDay } from '../times.ts';
import { actNames, createActDialog } from './act-dialog.ts';
import { copyable } from './copyable.ts';

const kinds = ['replay', 'redrive', 'verify'] as const;
const shownActs = 8;

/** What may be done on this machine, what is being done, and what came of it. */
export function mountActs(body: HTMLElement, app: App) {
  let acts: readonly Act[] = [];
  let error = '';
  const dialog = createActDialog(app, keep);
  const list = document.createElement('div');
  body.replaceChildren(list, dialog.element);

  /** What has ended does not run again: an answer may be older than the event of the end that came before it. */
  function newer(act: Act): Act {
    const known = acts.find(({ id }) => id === act.id);
    return known !== undefined && known.state !== 'running' ? known : act;
  }

  function keep(told: Act): void {
    const act = newer(told);
    const others = acts.filter(({ id }) => id !== act.id);
    acts = [act, ...others].sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
    paint();
  }

  async function read(): Promise<void> {
    try {
      acts = (await ask<Act[]>(route('acts'))).map(newer);
      error = '';
    } catch (failure) {
      error = (failure as Error).message;
    }
    paint();
  }

  async function stop(act: Act): Promise<void> {
    try {
      keep(await tell<Act>(route(`acts/${encodeURIComponent(act.id)}/stop`), app.session.token ?? ''));
      error = '';
    } catch (failure) {
      error = (failure as Error).message;
      paint();
    }
  }

  function paint(): void {
    render(
      html`<p class="act-buttons">
          ${kinds.map((kind) => html`<button type="button" @click=${() => dialog.open(kind)}>${actNames[kind]} …</button>`)}
        </p>
        ${error === '' ? nothing : html`<p class="note" role="alert">${error}</p>`}
        ${acts.length === 0 ? html`<p class="quiet">Nothing has been done from here yet. Each asks before it begins.</p>` : nothing}
        <ul class="acts">${acts.slice(0, shownActs).map((act) => html`<li class="act" data-state=${act.state}>${actBox(act, stop)}</li>`)}</ul>`,
      list,
    );
  }

  paint();
  void read();
  return { read: () => void read(), hear: keep };
}

function actBox(act: Act, stop: (act: Act) => Promise<void>): TemplateResult {
  const { request, command, state, done, total, unit, outcome, startedAt } = act;
  const part = `${count(done)}${total === null ? '' : ` of ${count(total)}`} ${unit}`;
  return html`<div class="act-head">
      <b>${actNames[request.kind]}</b>
      <span class="quiet">${timeOfDay(new Date(startedAt))}</span>
      <span class="chip act-state">${state}</span>
    </div>
    ${
      state === 'running'
        ? html`<p class="act-progress">
            <progress aria-label="${actNames[request.kind]}" max=${total ?? nothing} value=${total === null ? nothing : done}></progress>
            <span>${part}</span>
            <button type="button" class="small" @click=${() => void stop(act)}>Stop</button>
          </p>`
        : html`<p class="act-outcome" role="status">${outcome ?? part}</p>`
    }
    ${copyable(command)}`;
}
