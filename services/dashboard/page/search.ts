import { html, nothing, render } from 'lit-html';
import type { SymbolFound } from '../api.ts';
import { ask, route } from './ask.ts';
import { counted } from './exact-text.ts';

const shownSymbols = 12;
const restMs = 80;

/** A combobox of the symbols, as the ARIA authoring practices have it; "/" takes the keyboard to it from anywhere. */
export function createSearch(symbols: () => number, onPick: (symbol: string) => void): HTMLElement {
  const element = document.createElement('div');
  element.className = 'search';
  let found: readonly SymbolFound[] = [];
  let note = '';
  /** For which `found` was found. */
  let answered: string | null = null;
  let open = false;
  let active = -1;
  let asking = new AbortController();
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function paint(): void {
    render(
      html`<label class="heard" for="search">Symbol</label>
        <input
          id="search" class="search-input" type="text" role="combobox" autocomplete="off" autocapitalize="off" spellcheck="false"
          placeholder="Find one of ${counted(symbols(), 'symbol')}" aria-expanded=${open ? 'true' : 'false'} aria-controls="search-list" aria-autocomplete="list"
          aria-activedescendant=${open && active >= 0 ? `search-${active}` : nothing}
          @input=${onInput} @focus=${onInput} @blur=${close} @keydown=${onKey}
        />
        <kbd class="search-key" aria-hidden="true">/</kbd>
        <div class="search-pop" ?hidden=${!open}>
          <ul id="search-list" role="listbox" aria-label="Symbols">
            ${found.map(
              ({ symbol, firstDay, lastDay, bars }, index) => html`<li
                id="search-${index}" role="option" aria-selected=${index === active ? 'true' : 'false'}
                @mousedown=${(event: Event) => event.preventDefault()} @click=${() => pick(symbol)}
              ><b>${symbol}</b> <span class="quiet">${firstDay} – ${lastDay}, ${counted(bars, 'day')}</span></li>`,
            )}
          </ul>
          <p class="search-note quiet" role="status">${note}</p>
        </div>`,
      element,
    );
  }

  function input(): HTMLInputElement | null {
    return element.querySelector('input');
  }

  function onInput(): void {
    clearTimeout(waiting);
    waiting = setTimeout(() => void read(input()?.value.trim() ?? ''), restMs);
  }

  async function read(query: string): Promise<void> {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      found = await ask<SymbolFound[]>(route('symbols', { query, limit: shownSymbols }), signal);
      note = found.length > 0 ? '' : `No symbol has “${query}” in it.`;
    } catch (error) {
      if (signal.aborted) return;
      found = [];
      note = (error as Error).message;
    }
    open = document.activeElement === input();
    if (query !== answered) active = query === '' ? -1 : Math.min(0, found.length - 1);
    answered = query;
    paint();
  }

  function pick(symbol: string): void {
    const box = input();
    if (box !== null) box.value = '';
    close();
    box?.blur();
    onPick(symbol);
  }

  /** At once with what is known, while it is read again. */
  function reopen(): void {
    open = answered === input()?.value.trim();
    onInput();
  }

  function close(): void {
    clearTimeout(waiting);
    asking.abort();
    open = false;
    active = -1;
    paint();
  }

  function onKey(event: KeyboardEvent): void {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      if (!open) reopen();
      else if (active < 0 && move < 0) active = found.length - 1;
      else active = (active + move + found.length) % Math.max(found.length, 1);
      paint();
      element.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      void choose();
    } else if (event.key === 'Escape') {
      const box = input();
      if (!open && box !== null) box.value = '';
      close();
    }
  }

  /** What is marked; somebody who types faster than the answers come gets the best match for what is typed. */
  async function choose(): Promise<void> {
    const typed = input()?.value.trim() ?? '';
    const marked = open ? found[active]?.symbol : undefined;
    if (marked !== undefined && (active > 0 || marked.toLowerCase().startsWith(typed.toLowerCase()))) {
      pick(marked);
    } else if (typed !== '') {
      clearTimeout(waiting);
      await read(typed);
      const best = found[0]?.symbol;
      if (best !== undefined) pick(best);
    }
  }

  document.addEventListener('keydown', (event) => {
    const typing =
      event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input()?.focus();
    input()?.select();
  });
  paint();
  return element;
}
