import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import type { Pipeline } from '../../api.ts';
import { count } from '../exact-text.ts';
import { duration } from '../times.ts';

type Tone = 'calm' | 'busy' | 'wrong';
type Figure = { readonly name: string; readonly value: string | null; readonly tone?: Tone };
type Stage = {
  readonly id: string;
  readonly title: string;
  readonly what: string;
  readonly figures: readonly Figure[];
  /** What goes on to the next stage. */
  readonly edge?: string;
};

/** The flow as README.md draws it, in the order in which a bar passes through; figures that have changed since `before` are marked. */
export function flow(now: Pipeline, before: Pipeline | null): TemplateResult {
  const old = before === null ? [] : stagesOf(before);
  return html`<ol class="flow">
    ${stagesOf(now).map((stage, index) => stageBox(stage, old[index]))}
  </ol>`;
}

function stageBox({ id, title, what, figures, edge }: Stage, before: Stage | undefined): TemplateResult {
  const wrong = figures.some(({ tone }) => tone === 'wrong');
  const busy = figures.some(({ tone }) => tone === 'busy');
  return html`<li class="stage stage-${id}" data-tone=${wrong ? 'wrong' : busy ? 'busy' : 'calm'}>
    <h3>${title}</h3>
    <p class="stage-what">${what}</p>
    <dl class="figures">
      ${figures.map(({ name, value, tone = 'calm' }) => {
        const changed =
          before !== undefined && before.figures.find((figure) => figure.name === name)?.value !== value;
        return html`<div data-tone=${tone}>
          <dt>${name}</dt>
          ${keyed(value, html`<dd class=${changed ? 'fresh' : ''}>${value ?? html`<span class="quiet" title="Not to be seen from here">–<span class="heard"> not to be seen from here</span></span>`}</dd>`)}
        </div>`;
      })}
    </dl>
    ${edge === undefined ? nothing : html`<span class="edge" aria-hidden="true"><span>${edge}</span></span>`}
  </li>`;
}

function stagesOf({ bronze, outbox, bus, queue, deadLetters, jobs, pending, silver }: Pipeline): Stage[] {
  return [
    {
      id: 'fetcher',
      title: 'Fetcher',
      what: 'one trading day a transaction',
      figures: [
        { name: 'last day', value: bronze.lastDay ?? 'none yet' },
        {
          name: 'missing days',
          value: count(bronze.missingDays),
          tone: bronze.missingDays > 0 ? 'wrong' : 'calm',
        },
      ],
      edge: 'bars',
    },
    {
      id: 'bronze',
      title: 'Bronze',
      what: 'raw_ohlcv, as delivered',
      figures: [{ name: 'daily bars', value: count(bronze.bars) }],
      edge: 'events',
    },
    {
      id: 'outbox',
      title: 'Outbox',
      what: 'stored with the change, then published',
      figures: [waiting('unpublished', outbox.unpublished), age(outbox.oldestAgeSeconds)],
      edge: 'publish',
    },
    {
      id: 'bus',
      title: 'Event bus',
      what: 'to the queue, the archive, subscribers',
      figures: [{ name: 'events', value: bus && count(bus.events) }],
      edge: 'BarsIngested',
    },
    {
      id: 'queue',
      title: 'Queue, dispatcher',
      what: 'one job for what is affected',
      figures: [
        { name: 'waiting', value: queue && count(queue.waiting), tone: busyWhen(queue?.waiting) },
        { name: 'in flight', value: queue && count(queue.inFlight), tone: busyWhen(queue?.inFlight) },
        {
          name: 'dead letters',
          value: deadLetters === null ? null : count(deadLetters),
          tone: (deadLetters ?? 0) > 0 ? 'wrong' : 'calm',
        },
      ],
      edge: 'SubmitJob',
    },
    {
      id: 'jobs',
      title: 'Batch jobs',
      what: 'claimed, run, retried',
      figures: [
        { name: 'claimed', value: count(jobs.claimed), tone: busyWhen(jobs.claimed) },
        { name: 'running', value: count(jobs.running), tone: busyWhen(jobs.running) },
        { name: 'failed', value: count(jobs.failed), tone: jobs.failed > 0 ? 'wrong' : 'calm' },
        { name: 'succeeded', value: count(jobs.succeeded) },
      ],
      edge: 'run',
    },
    {
      id: 'resampler',
      title: 'Resampler',
      what: 'invalidations that silver does not know yet',
      figures: [
        waiting('pending', pending.invalidations),
        { name: 'symbols', value: count(pending.symbols), tone: busyWhen(pending.symbols) },
        age(pending.oldestAgeSeconds),
      ],
      edge: 'bars',
    },
    {
      id: 'silver',
      title: 'Silver',
      what: 'Fibonacci bars',
      figures: silver.map(({ interval, bars }) => ({ name: `${interval} days`, value: count(bars) })),
      edge: 'SilverUpdated, by the outbox',
    },
  ];
}

function waiting(name: string, value: number): Figure {
  return { name, value: count(value), tone: busyWhen(value) };
}

function age(seconds: number | null): Figure {
  return { name: 'oldest', value: seconds === null ? 'none' : duration(seconds) };
}

function busyWhen(value: number | undefined): Tone {
  return (value ?? 0) > 0 ? 'busy' : 'calm';
}
