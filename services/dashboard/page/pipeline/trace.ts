import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Trace } from '../../api.ts';
import type { PipelineAddress } from '../address.ts';
import type { App } from '../app.ts';
import { ask, route } from '../ask.ts';
import { counted } from '../exact-text.ts';
import { after } from '../times.ts';

type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly trace: Trace }
  | { readonly kind: 'failed'; readonly error: string };

/** What one fetch, backfill, replay or event set off, step by step. */
export function mountTrace(body: HTMLElement, app: App) {
  let address: PipelineAddress = { view: 'pipeline', trace: null, through: null };
  let state: State = { kind: 'none' };
  let asking = new AbortController();

  async function read(id: string): Promise<void> {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    state = { kind: 'loading' };
    paint();
    try {
      state = { kind: 'ready', trace: await ask<Trace>(route('trace', { id }), signal) };
    } catch (error) {
      if (signal.aborted) return;
      state = { kind: 'failed', error: (error as Error).message };
    }
    paint();
  }

  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const id = body.querySelector('input')?.value.trim() || null;
    if (id !== null && id === address.trace) void read(id);
    else app.go({ ...address, trace: id });
  }

  function paint(): void {
    render(
      html`<form class="trace-form" @submit=${onSubmit}>
          <label for="trace-id">Correlation id</label>
          <input id="trace-id" name="id" class="mono" type="text" autocomplete="off" spellcheck="false" .value=${address.trace ?? ''}
            placeholder="00000000-0000-0000-0000-000000000000" />
          <button type="submit">Trace</button>
        </form>
        <div role="status">${stateText(state)}</div>
        ${state.kind === 'ready' && state.trace.steps.length > 0 ? steps(state.trace) : nothing}`,
      body,
    );
  }

  paint();
  return {
    show(next: PipelineAddress) {
      const other = next.trace !== address.trace;
      address = next;
      if (!other) return;
      if (next.trace === null) {
        asking.abort();
        state = { kind: 'none' };
        paint();
      } else {
        void read(next.trace).then(() => body.parentElement?.scrollIntoView({ block: 'nearest' }));
      }
    },
  };
}

function stateText(state: State): TemplateResult {
  if (state.kind === 'none') {
    return html`<p class="quiet">The path of one fetch, backfill, correction or replay: choose a change above, or put in the id that a
      command has printed or that an event has as its correlationId.</p>`;
  }
  if (state.kind === 'loading') return html`<p class="quiet">Loading …</p>`;
  if (state.kind === 'failed') return html`<p class="note">${state.error}</p>`;
  return state.trace.steps.length > 0 ? html`` : html`<p class="quiet">Nothing is known of it.</p>`;
}

function steps({ steps: all }: Trace): TemplateResult {
  return html`<p class="quiet">${counted(all.length, 'step')}, with the time after the first</p>
  <div class="steps-scroll" tabindex="0" role="region" aria-label="Steps"><ol class="steps">
    ${all.map(
      ({ at, afterMs, what, detail }) => html`<li>
        <time datetime=${at} title=${at}>${after(afterMs)}</time>
        <div><b>${what}</b> <span class="step-detail">${detail}</span></div>
      </li>`,
    )}
  </ol></div>`;
}
