import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import type { Database } from '../../../services/shared/database.ts';
import { contentOf, symbolNames } from '../../integration/pipeline/day-files.ts';
import type { Random } from '../../support/random.ts';

const sessions = sessionsBetween('2016-01-04', '2019-12-31');
const symbols = symbolNames(40);
/** It may lose bars by `delete`; which file's content it has then is nobody's guess. */
export const deletable = 'S039';

/** A command, as one types it. */
export type Command = readonly string[];

/** A folder of day files that grows and is corrected, and the commands that an operator gives after that. */
export class MarketFolder {
  private readonly path: string;
  private readonly splitsFile: string;
  /** What each day's file holds, in the order of days. */
  private readonly files: string[] = [];
  private replays = 0;

  private constructor(path: string) {
    this.path = path;
    this.splitsFile = join(path, '..', 'splits.csv');
  }

  /** Takes in all that the folder holds. */
  get backfill(): Command {
    return ['backfill', '--source', 'flatfiles', '--path', this.path, '--json'];
  }

  static async create(parent: string): Promise<MarketFolder> {
    const path = join(parent, 'day-files');
    await mkdir(path, { recursive: true });
    return new MarketFolder(path);
  }

  /** Changes files, and returns commands: the first takes in all that the folder holds. */
  async change(next: Random): Promise<Command[]> {
    const grown = 1 + next(20);
    for (let day = 0; day < grown; day++) await this.write(this.files.length, this.files.length);
    for (let corrected = next(3); corrected > 0; corrected--) {
      await this.write(next(this.files.length), next(1_000));
    }
    const commands = [this.backfill];
    for (let more = next(3); more > 0; more--) commands.push(await this.command(next));
    return commands;
  }

  private async write(at: number, content: number): Promise<void> {
    const day = this.dayOf(at);
    // Not every symbol is traded each day.
    // Some bars come late, with a correction of their day.
    const here =
      this.files[at] === undefined ? symbols.filter((_, index) => (at + index) % 9 !== 0) : symbols;
    const text = contentOf(day, content, here);
    this.files[at] = text;
    await writeFile(join(this.path, `${day}.csv`), text);
  }

  private async command(next: Random): Promise<Command> {
    const symbol = symbols[next(symbols.length)] ?? '';
    const day = () => this.dayOf(next(this.files.length));
    switch (next(7)) {
      case 0:
        return ['delete', deletable, day(), '--json'];
      case 1: {
        const lines = ['symbol,ex_date,split_from,split_to', `${symbol},${day()},1,${2 + next(6)}`, ''];
        await writeFile(this.splitsFile, lines.join('\n'));
        return ['splits', 'import', this.splitsFile, '--json'];
      }
      case 2:
        return ['rebuild', '--symbols', `${symbol},AAPL`, '--json'];
      case 3: {
        const [from = '', to = ''] = [day(), day()].sort();
        const id = `00000000-0000-4000-8000-${String(++this.replays).padStart(12, '0')}`;
        return ['replay', '--from', from, '--to', to, '--id', id, '--json'];
      }
      case 4:
        return ['resample', '--pending', '--json'];
      case 5:
        return ['redrive', '--json'];
      default:
        return ['status', '--json'];
    }
  }

  private dayOf(at: number): string {
    return sessions[at] ?? '';
  }

  /** Bars that are in a file and not in bronze, or the other way round. */
  async differences(db: Pick<Database, 'query'>): Promise<object[]> {
    const bars = this.files.flatMap((text, at) =>
      text
        .split('\n')
        .slice(1, -1)
        .map((line) => {
          const [symbol, volume, open, close, high, low] = line.split(',');
          return { symbol, date: this.dayOf(at), open, high, low, close, volume };
        })
        .filter(({ symbol }) => symbol !== deletable),
    );
    return await db.query(
      `with file as (
         select * from json_to_recordset($1) as bar (
           symbol text, date date, open numeric, high numeric, low numeric, close numeric, volume numeric))
       select file.symbol as file, bar.symbol as bronze, coalesce(file.date, bar.date) as date
         from file full join (select * from public.raw_ohlcv where symbol <> $2) bar
           on (file.symbol, file.date, file.open, file.high, file.low, file.close, file.volume)
            = (bar.symbol, bar.date, bar.open, bar.high, bar.low, bar.close, bar.volume)
        where file.symbol is null or bar.symbol is null limit 5`,
      [JSON.stringify(bars), deletable],
    );
  }
}
