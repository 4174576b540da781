import { html, render } from 'lit-html';
import type { LiveEvent, Session } from '../api.ts';
import { type Address, readAddress, writeAddress } from './address.ts';
import type { App, View } from './app.ts';
import { ask, route } from './ask.ts';
import { mountBars } from './bars/bars-view.ts';
import { createFrame } from './frame.ts';
import { listenLive } from './live.ts';
import { keepHeard } from './pipeline/heard.ts';
import { mountPipeline } from './pipeline/pipeline-view.ts';
import { restoreTheme } from './theme.ts';

const retryMs = 3_000;

restoreTheme();
const page = document.querySelector<HTMLElement>('#page');
if (page !== null) void start(page);

async function start(root: HTMLElement): Promise<void> {
  render(html`<p class="boot" role="status">Loading …</p>`, root);
  try {
    run(root, await ask<Session>(route('session')));
  } catch (error) {
    render(
      html`<div class="boot" role="alert"><h1>fibonacci-bars</h1><p>${(error as Error).message}</p><p class="quiet">Trying again …</p></div>`,
      root,
    );
    setTimeout(() => void start(root), retryMs);
  }
}

function run(root: HTMLElement, first: Session): void {
  let session = first;
  let shown: View<Address> | null = null;
  let shownView: Address['view'] | null = null;
  const app: App = {
    get session() {
      return session;
    },
    go(address, how = 'push') {
      const target = writeAddress(address);
      if (how === 'replace') history.replaceState(null, '', target);
      else if (target !== location.hash) history.pushState(null, '', target);
      showAddress();
    },
  };
  const frame = createFrame(app);
  root.replaceChildren(...frame.elements);

  function showAddress(): void {
    const address = readAddress(location.hash);
    if (shownView !== address.view) {
      shown?.dispose();
      const host = document.createElement('main');
      host.id = 'view';
      host.tabIndex = -1;
      frame.place(host);
      shown = address.view === 'bars' ? mountBars(host, app) : mountPipeline(host, app);
      shownView = address.view;
    }
    frame.show(address);
    shown?.show(address);
  }

  function hear(event: LiveEvent): void {
    if (event.kind === 'silver') keepHeard(event);
    if (event.kind === 'pipeline') session = { ...session, lastDay: event.pipeline.bronze.lastDay };
    frame.hear(event);
    shown?.hear(event);
  }

  /** Another server may be there than before, with another token and other intervals. */
  async function catchUp(): Promise<void> {
    try {
      session = await ask<Session>(route('session'));
    } catch {
      // It has gone again: the next connection asks again.
    }
    frame.repaint();
    shown?.catchUp();
  }

  addEventListener('popstate', showAddress);
  addEventListener('hashchange', showAddress);
  showAddress();
  listenLive({ onEvent: hear, onState: (state) => frame.state(state), onCatchUp: () => void catchUp() });
}
