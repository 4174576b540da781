import { html, nothing, render, type TemplateResult } from 'lit-html';
import { actCommand } from '../../acts/act-command.ts';
import type { Act, ActRequest } from '../../api.ts';
import type { App } from '../app.ts';
import { route, tell } from '../ask.ts';
import { copyable } from './copyable.ts';

type Kind = ActRequest['kind'];

export const actNames: Readonly<Record<Kind, string>> = {
  replay: 'Replay a range',
  redrive: 'Redrive dead letters',
  verify: 'Verify silver',
};

const explanations: Readonly<Record<Kind, string>> = {
  replay:
    'Tells the trading days of the range again, from bronze: their groups are recomputed, rows that differ are rewritten, and subscribers hear of them. Where all is right, no row changes.',
  redrive:
    'Moves the messages of the dead-letter queues back to where they came from, to be handled once more.',
  verify:
    'Recomputes silver from bronze and compares, without writing anything. A large market takes minutes.',
};

const symbolPattern = /^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/;

/** Asks before anything is done; tells of the act that was started. */
export function createActDialog(app: App, onStarted: (act: Act) => void) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'act-title');
  let kind: Kind = 'verify';
  let error = '';
  let sending = false;

  /** What the fields say, or what is wrong with them. */
  function request(): ActRequest | string {
    const text = (name: string) => dialog.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value ?? '';
    const symbols = [
      ...new Set(
        text('symbols')
          .split(/[\s,]+/)
          .filter((symbol) => symbol !== ''),
      ),
    ];
    const wrong = symbols.find((symbol) => !symbolPattern.test(symbol));
    if (wrong !== undefined) return `“${wrong}” is no symbol: it has letters, digits, and . / - within.`;
    const some = symbols.length > 0 ? { symbols } : {};
    if (kind === 'redrive') return { kind };
    if (kind === 'verify') return { kind, ...some };
    const [from, to] = [text('from'), text('to')];
    if (from === '' || to === '' || from > to) return 'Choose the first and the last day, in this order.';
    return { kind, from, to, ...some };
  }

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const asked = request();
    if (typeof asked === 'string' || app.session.token === null || sending) return;
    sending = true;
    error = '';
    paint();
    try {
      const act = await tell<Act>(route('acts'), app.session.token, asked);
      dialog.close();
      onStarted(act);
    } catch (failure) {
      error = (failure as Error).message;
    }
    sending = false;
    paint();
  }

  function paint(): void {
    const asked = request();
    render(
      html`<form @submit=${onSubmit} @input=${paint} @reset=${() => dialog.close()}>
        <h2 id="act-title">${actNames[kind]}</h2>
        <p>${explanations[kind]}</p>
        ${kind === 'replay' ? rangeFields(app) : nothing}
        ${kind === 'redrive' ? nothing : symbolsField()}
        <p class="field-name">The same on the command line</p>
        ${typeof asked === 'string' ? html`<p class="note" role="alert">${asked}</p>` : copyable(actCommand(asked))}
        ${error === '' ? nothing : html`<p class="note" role="alert">${error}</p>`}
        <p class="dialog-foot">
          <button type="reset">Cancel</button>
          <button type="submit" class="primary" ?disabled=${typeof asked === 'string' || sending}>${sending ? 'Starting …' : actNames[kind]}</button>
        </p>
      </form>`,
      dialog,
    );
  }

  return {
    element: dialog,
    open(next: Kind) {
      kind = next;
      error = '';
      paint();
      dialog
        .querySelector('form')
        ?.querySelectorAll('input')
        .forEach((input) => {
          input.value = input.defaultValue;
        });
      paint();
      dialog.showModal();
    },
  };
}

function rangeFields(app: App): TemplateResult {
  const last = app.session.lastDay ?? '';
  return html`<div class="fields">
    <label class="field"><span class="field-name">First day</span>
      <input type="date" name="from" required max=${last} value=${last} /></label>
    <label class="field"><span class="field-name">Last day</span>
      <input type="date" name="to" required max=${last} value=${last} /></label>
  </div>`;
}

function symbolsField(): TemplateResult {
  return html`<label class="field"><span class="field-name">Symbols, all when empty</span>
    <input type="text" name="symbols" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="AAPL, AGM/A" /></label>`;
}
