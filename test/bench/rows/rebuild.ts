import { copyFinishedIn, type Finished, writeFinished } from '../floors/copy-in.ts';
import { copyAllOut } from '../floors/copy-out.ts';
import { wide } from '../markets.ts';
import { type Goal, timed, type Work } from '../measure.ts';
import type { Row } from '../row.ts';
import type { Stand } from '../stand.ts';
import { emptySilver, invalidateAll, resampleAll } from '../work.ts';

export const rebuild: Row = {
  word: 'rebuild',
  market: wide,
  rounds: 5,
  async measureOn(stand, { add }) {
    let finished: Finished[] | undefined;
    await add({
      works: [rebuildWith(stand, 1, { atMost: 1.5 }), rebuildWith(stand, 2, { atMost: 1 })],
      floor: 'binary COPY of the finished rows in, 1 session',
      async runFloor() {
        finished ??= await writeFinished(stand);
        return await copyFinishedIn(stand, finished, 1);
      },
    });
  },
};

export const right: Row = {
  word: 'right',
  market: wide,
  rounds: 5,
  async measureOn(stand, { add }) {
    await resampleAll(stand, 2);
    await add({
      works: [
        {
          name: 'rebuild over right silver, 1 session',
          goal: { atMost: 1.2 },
          prepare: () => invalidateAll(stand),
          run: () =>
            timed(async () => {
              const { changedRows } = await resampleAll(stand, 1);
              if (changedRows !== 0) throw new Error(`${changedRows} rows were written over right silver`);
            }),
        },
      ],
      floor: 'ordered COPY out of bronze and silver, 1 session',
      runFloor: () => copyAllOut(stand),
    });
  },
};

/** A rebuild of everything into empty silver, in this process. */
export function rebuildWith(stand: Stand, sessions: number, goal: Goal): Work {
  return {
    name: `rebuild into empty silver, ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`,
    goal,
    prepare: () => emptySilver(stand),
    run: () => timed(() => resampleAll(stand, sessions)),
  };
}
