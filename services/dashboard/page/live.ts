import type { LiveEvent } from '../api.ts';
import { route } from './ask.ts';

export type LiveState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'stale'; readonly since: Date };

export type LiveListener = {
  readonly onEvent: (event: LiveEvent) => void;
  readonly onState: (state: LiveState) => void;
  /** The server listens from now on, or more was missed than it can tell: read again what is on the screen. */
  readonly onCatchUp: () => void;
};

const kinds = ['silver', 'pipeline', 'act', 'reset'] as const;

/** The server says something every 10 seconds at the latest: two and a half of them in silence are no accident. */
const silenceMs = 25_000;
/** An interruption shorter than this is called reconnecting, a longer one stale. */
const patienceMs = 6_000;
const retryMs = 2_000;
/** A browser has six connections for a server, and each open page holds one: those that nobody looks at let go of theirs. */
const unseenMs = 60_000;

/**
 * Listens to the server's events for as long as the page is open, whatever happens to the connection. The browser reconnects by
 * itself, naming the last event that it has; where it gives up, or nothing is heard any more, a new connection is made here.
 */
export function listenLive({ onEvent, onState, onCatchUp }: LiveListener): void {
  let source: EventSource;
  let heardAt = new Date();
  let brokenAt: Date | null = null;
  let opened = false;
  let retryAt = 0;
  let unseenSince: number | null = null;
  let resting = false;

  function connect(): void {
    source = new EventSource(route('live'));
    source.addEventListener('open', () => {
      hear();
      opened = true;
      onCatchUp();
    });
    source.addEventListener('error', lose);
    for (const kind of kinds) {
      source.addEventListener(kind, (message) => {
        hear();
        const event = JSON.parse(message.data) as LiveEvent;
        if (event.kind === 'reset') onCatchUp();
        else onEvent(event);
      });
    }
  }

  function hear(): void {
    heardAt = new Date();
    if (brokenAt !== null || !opened) onState({ kind: 'live' });
    brokenAt = null;
  }

  function lose(): void {
    if (brokenAt === null) onState({ kind: 'reconnecting' });
    brokenAt ??= new Date();
    retryAt = Date.now() + retryMs;
  }

  function watch(): void {
    const now = Date.now();
    if (document.visibilityState === 'visible') unseenSince = null;
    else unseenSince ??= now;
    if (unseenSince !== null && now - unseenSince > unseenMs) {
      if (!resting) source.close();
      resting = true;
      return;
    }
    if (resting) {
      resting = false;
      lose();
      retryAt = now;
    }
    if (brokenAt === null && now - heardAt.getTime() > silenceMs) {
      source.close();
      lose();
    }
    if (brokenAt === null) return;
    if (now - brokenAt.getTime() > patienceMs) onState({ kind: 'stale', since: heardAt });
    if (source.readyState === EventSource.CLOSED && now >= retryAt) {
      retryAt = now + retryMs;
      connect();
    }
  }

  connect();
  setInterval(watch, 1_000);
  // A laptop that wakes up need not wait for the timers.
  addEventListener('online', watch);
  document.addEventListener('visibilitychange', watch);
}
