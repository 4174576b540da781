import { html, render } from 'lit-html';
import type { Pipeline } from '../../api.ts';
import { mountActs } from '../acts/acts-panel.ts';
import type { PipelineAddress } from '../address.ts';
import type { App, View } from '../app.ts';
import { ask, route } from '../ask.ts';
import { mountCalendar } from './calendar.ts';
import { flow } from './flow.ts';
import { heardTable } from './heard.ts';
import { mountTrace } from './trace.ts';

/** The stages of the flow with their counts, the last days, a trace, and what may be done. */
export function mountPipeline(host: HTMLElement, app: App): View<PipelineAddress> {
  const stages = section('stages', 'The flow');
  const days = section('days-panel panel', 'Trading days');
  const trace = section('trace-panel panel', 'Trace');
  const events = section('events-panel panel', 'Changes heard');
  const acts = section('acts-panel panel', 'Acts');
  const heading = document.createElement('h1');
  heading.className = 'heard';
  heading.textContent = 'Pipeline';
  host.className = 'pipeline-view';
  host.replaceChildren(heading, stages.element, days.element, events.element);
  if (app.session.local) host.append(acts.element);
  host.append(trace.element);

  const calendar = mountCalendar(days.body, app);
  const tracing = mountTrace(trace.body, app);
  const acting = app.session.local ? mountActs(acts.body, app) : null;
  let pipeline: Pipeline | null = null;
  let disposed = false;

  async function read(): Promise<void> {
    try {
      paint(await ask<Pipeline>(route('pipeline')));
    } catch (error) {
      if (pipeline === null && !disposed) {
        render(
          html`<div class="note" role="alert"><p>${(error as Error).message}</p>
            <button type="button" @click=${() => void read()}>Try again</button></div>`,
          stages.body,
        );
      }
    }
  }

  function paint(next: Pipeline): void {
    // An answer may be older than an event that came before it.
    if (disposed || (pipeline !== null && next.at < pipeline.at)) return;
    render(flow(next, pipeline), stages.body);
    pipeline = next;
  }

  function paintHeard(): void {
    if (!disposed) render(heardTable(), events.body);
  }

  render(html`<p class="quiet">Loading …</p>`, stages.body);
  void read();
  paintHeard();

  return {
    show(address) {
      document.title = 'Pipeline · fibonacci-bars';
      calendar.show(address);
      tracing.show(address);
    },
    hear(event) {
      if (event.kind === 'pipeline') {
        const before = pipeline?.bronze;
        const { bronze } = event.pipeline;
        paint(event.pipeline);
        if (bronze.lastDay !== before?.lastDay || bronze.bars !== before?.bars) calendar.read();
      } else if (event.kind === 'silver') {
        paintHeard();
      } else if (event.kind === 'act') {
        acting?.hear(event.act);
      }
    },
    catchUp() {
      void read();
      calendar.read();
      acting?.read();
    },
    dispose() {
      disposed = true;
    },
  };
}

function section(className: string, title: string): { element: HTMLElement; body: HTMLElement } {
  const element = document.createElement('section');
  element.className = className;
  const heading = document.createElement('h2');
  heading.className = 'panel-title';
  heading.textContent = title;
  heading.id = `title-${title.toLowerCase().replaceAll(' ', '-')}`;
  element.setAttribute('aria-labelledby', heading.id);
  const body = document.createElement('div');
  element.append(heading, body);
  return { element, body };
}
