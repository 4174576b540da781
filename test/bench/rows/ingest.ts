import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFlatFile } from '../../../services/fetcher/flat-file.ts';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { copyLinesIn, createBronzeFloor } from '../floors/copy-lines.ts';
import { copyLines, dateOf, flatFile } from '../market.ts';
import { wide } from '../markets.ts';
import { timed } from '../measure.ts';
import type { Row } from '../row.ts';
import { resampleAll } from '../work.ts';

export const ingested: Row = {
  word: 'ingest',
  market: wide,
  rounds: 5,
  async measureOn(stand, { add }) {
    await createBronzeFloor(stand);
    let lines = '';
    let file = { tradingDay: '', path: '' };
    await add({
      works: [
        {
          name: 'a day into bronze, from its CSV file',
          goal: { atMost: 1.5 },
          async prepare() {
            // As every night: the day before is worked in.
            await resampleAll(stand, 2);
            const day = stand.nextDay();
            lines = copyLines(stand.market, day);
            file = { tradingDay: dateOf(day), path: join(stand.directory, `${dateOf(day)}.csv`) };
            await writeFile(file.path, flatFile(stand.market, day));
            await stand.db.query('checkpoint');
          },
          run: () =>
            timed(async () => {
              const delivery = await readFlatFile(file);
              const options = { cause: 'live', correlationId: randomUUID() } as const;
              await ingestDay({ db: stand.db }, delivery, options);
            }),
        },
      ],
      floor: 'COPY of its rows, as text, into a copy of bronze',
      runFloor: () => copyLinesIn(stand, lines),
      warmUp: true,
    });
    await resampleAll(stand, 2);
  },
};
