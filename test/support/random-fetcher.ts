import { randomUUID } from 'node:crypto';
import { BackfillMemory } from '../../services/fetcher/backfill-memory.ts';
import type { Delivery } from '../../services/fetcher/bar.ts';
import { deleteBar } from '../../services/fetcher/delete-bar.ts';
import { ingestDay } from '../../services/fetcher/ingest-day.ts';
import { importSplits } from '../../services/fetcher/splits/import-splits.ts';
import { removeSplit } from '../../services/fetcher/splits/remove-split.ts';
import { addDays } from '../../services/shared/calendar/day.ts';
import type { Database } from '../../services/shared/database.ts';
import type { Random } from './random.ts';

const firstDay = '2024-01-01';
const ratios = [
  ['1', '7'],
  ['2', '3'],
  ['10', '1'],
  ['1', '1.05'],
] as const;

/** Whatever a fetcher does to a market, at random, by the fetcher's own programs. */
export class RandomFetcher {
  private readonly symbols: readonly string[];
  /** Trading days so far. */
  private days = 0;
  private readonly memory = new BackfillMemory(1);
  private readonly correlationId = randomUUID();

  constructor(symbols: readonly string[]) {
    this.symbols = symbols;
  }

  async step(db: Database, next: Random): Promise<void> {
    const some = this.symbols.filter(() => next(2) === 0);
    const one = this.symbols[next(this.symbols.length)] ?? '';
    const anyDay = addDays(firstDay, next(this.days + 1));
    const what = next(10);
    if (what < 2) await this.deliver(db, next, { day: addDays(firstDay, this.days++), some });
    else if (what < 4) await this.backfill(db, next, addDays(firstDay, this.days++), some);
    else if (what < 6) await this.deliver(db, next, { day: anyDay, some: some.slice(0, 1 + next(4)) });
    else if (what < 7) await this.deliver(db, next, { day: anyDay, some: some.slice(4), prune: true });
    else if (what < 8) await deleteBar(db, one, anyDay);
    else if (what < 9) {
      const [splitFrom, splitTo] = ratios[next(ratios.length)] ?? ratios[0];
      const split = { symbol: one, exDate: addDays(anyDay, next(3)), splitFrom, splitTo };
      await importSplits(db, [split], { source: 'test', producer: 'fetcher' });
    } else {
      const [split] = await db.query<{ symbol: string; day: string }>(
        'select symbol, ex_date as day from ops.split offset $1 limit 1',
        [next(4)],
      );
      if (split) await removeSplit(db, split.symbol, split.day);
    }
  }

  /** New bars, late ones and corrections, as it comes; with `prune` the symbols that are left out lose theirs. */
  private async deliver(
    db: Database,
    next: Random,
    { day, some, prune = false }: { day: string; some: readonly string[]; prune?: boolean },
  ): Promise<void> {
    const selection = prune ? this.symbols.slice(0, 6) : some;
    await ingestDay(
      { db },
      { ...deliveryOf(next, day, some), selection },
      { cause: 'live', correlationId: randomUUID(), prune },
    );
  }

  /** The next day of a history, which notes only what no earlier day of it has noted. */
  private async backfill(db: Database, next: Random, day: string, some: readonly string[]): Promise<void> {
    await ingestDay({ db, memory: this.memory }, deliveryOf(next, day, some), {
      cause: 'backfill',
      correlationId: this.correlationId,
    });
  }
}

function deliveryOf(next: Random, day: string, some: readonly string[]): Delivery {
  const bars = some.map((symbol, index) => {
    const low = 10 + next(50);
    const [open, close] = [low + next(9), low + next(9)];
    const high = Math.max(open, close) + next(9);
    const [o, h, l, c] = [open, high, low, close].map(String) as [string, string, string, string];
    return { position: index + 1, symbol, open: o, high: h, low: l, close: c, volume: String(next(9_999)) };
  });
  return {
    source: 'test',
    tradingDay: day,
    adjusted: false,
    fingerprint: randomUUID(),
    bars,
    quarantined: [],
  };
}
