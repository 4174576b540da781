/** Whatever is chosen, told and answered in whatever order: at rest, what is loaded is what the server has. */
import { afterEach, expect, test, vi } from 'vitest';
import type { Bar, Bars } from '../../../services/dashboard/api.ts';
import { LoadedBars } from '../../../services/dashboard/page/bars/loaded-bars.ts';
import { addDays } from '../../../services/shared/calendar/day.ts';
import { type Random, random } from '../../support/random.ts';

afterEach(() => vi.unstubAllGlobals());

const rounds = 150;
const symbols = ['AAPL', 'AGM/A'];

type Waiting = { readonly settle: () => void };

/** Bars of one day each, of which every version has another close. */
class Server {
  readonly #bars = new Map<string, Bar[]>(symbols.map((symbol) => [symbol, []]));
  readonly waiting: Waiting[] = [];
  readonly #draw: Random;
  #version = 0;

  constructor(draw: Random) {
    this.#draw = draw;
    for (const symbol of symbols) for (let day = 0; day < 40; day += 1) this.change(symbol, day);
  }

  /** Changes the bar of that day, or adds it. */
  change(symbol: string, at: number): string {
    this.#version += 1;
    const day = addDays('2024-01-01', at);
    const bars = this.bars(symbol).filter(({ start }) => start !== day);
    const close = String(this.#version);
    const bar: Bar = { start: day, end: day, open: '1', high: '9', low: '1', close, volume: '5', count: 1 };
    this.#bars.set(
      symbol,
      [...bars, bar].sort((one, other) => (one.start < other.start ? -1 : 1)),
    );
    return day;
  }

  bars(symbol: string): readonly Bar[] {
    return this.#bars.get(symbol) ?? [];
  }

  /** Reads at once or when it answers, and answers when the test says so. */
  readonly fetch = (address: string, init: RequestInit = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const early = this.#draw(2) === 0 ? this.#answer(address) : null;
      // An answer may have come just before it was no longer wanted.
      const late = this.#draw(2) === 0;
      init.signal?.addEventListener('abort', () => {
        if (!late) reject(new DOMException('aborted', 'AbortError'));
      });
      this.waiting.push({ settle: () => resolve(Response.json(early ?? this.#answer(address))) });
    });

  #answer(address: string): Bars {
    const query = new URL(address, 'http://server/').searchParams;
    const symbol = query.get('symbol') ?? '';
    // Far fewer than are asked for, so that not all is read at once.
    const limit = Math.min(Number(query.get('limit')), 25);
    const before = query.get('before');
    const bars = this.bars(symbol).filter(({ start }) => before === null || start < before);
    return {
      symbol,
      interval: 1,
      bars: bars.slice(-limit),
      more: bars.length > limit,
      splits: [],
      adjusted: false,
    };
  }
}

async function rest(): Promise<void> {
  for (let turns = 0; turns < 12; turns += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

test('what is loaded is what the server has, once all is quiet', async () => {
  for (let seed = 1; seed <= rounds; seed += 1) {
    const draw = random(seed);
    const server = new Server(draw);
    vi.stubGlobal('fetch', server.fetch);
    let shown: Bars | null = null;
    const loaded = new LoadedBars({
      onLoading: () => undefined,
      onLoaded: (next) => {
        shown = next;
      },
      onGrown: (next) => {
        shown = next;
      },
      onFailed: (error) => {
        throw error;
      },
    });
    loaded.show(symbols[0] ?? '', 1);
    for (let steps = 0; steps < 60; steps += 1) {
      const symbol = symbols[draw(2)] ?? '';
      const what = draw(8);
      if (what === 0) loaded.show(symbol, 1);
      else if (what === 1) void loaded.older();
      else if (what < 5) {
        const day = server.change(symbol, draw(48));
        if (loaded.wanted.symbol === symbol) loaded.refresh(draw(8) === 0 ? null : day);
      } else {
        server.waiting.splice(draw(server.waiting.length || 1), 1)[0]?.settle();
        await rest();
      }
    }
    while (server.waiting.length > 0) {
      server.waiting.shift()?.settle();
      await rest();
    }
    const { symbol } = loaded.wanted;
    const now = shown as Bars | null;
    expect({ seed, symbol: now?.symbol }).toEqual({ seed, symbol });
    expect({ seed, bars: now?.bars }).toEqual({
      seed,
      bars: server.bars(symbol).slice(-(now?.bars.length ?? 0)),
    });
    expect({ seed, more: now?.more }).toEqual({
      seed,
      more: server.bars(symbol).length > (now?.bars.length ?? 0),
    });
  }
});
