import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { copyFinishedIn, type Finished, writeFinished } from '../floors/copy-in.ts';
import { large } from '../markets.ts';
import { median } from '../measure.ts';
import type { Rebuilt } from '../programs/rebuild.ts';
import type { Row } from '../row.ts';
import type { Stand } from '../stand.ts';
import { emptySilver } from '../work.ts';

const allowedMb = 512;

export const largeRebuild: Row = {
  word: 'large',
  market: large,
  rounds: 1,
  async measureOn(stand, { add, show, signal }) {
    let finished: Finished[] | undefined;
    const peaks: number[] = [];
    await add({
      works: [
        {
          name: 'rebuild into empty silver, 2 sessions, in a process of its own',
          goal: { atMost: 2 },
          prepare: () => emptySilver(stand),
          async run() {
            const { ms, peakMb } = await rebuildInProcess(stand, 2, signal);
            peaks.push(peakMb);
            return ms;
          },
        },
      ],
      floor: 'binary COPY of the finished rows in, 2 sessions',
      async runFloor() {
        finished ??= await writeFinished(stand);
        return await copyFinishedIn(stand, finished, 2);
      },
    });
    show({
      work: 'the most memory of that process',
      floor: 'what it may take',
      unit: 'MB',
      workValue: median(peaks),
      floorValue: allowedMb,
      goal: { atMost: 1 },
      shows: 'ratio',
    });
  },
};

async function rebuildInProcess({ url }: Stand, sessions: number, signal: AbortSignal): Promise<Rebuilt> {
  const program = fileURLToPath(new URL('../programs/rebuild.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, String(sessions)], {
    env: { ...process.env, DATABASE_URL: url },
    signal,
  });
  return JSON.parse(stdout) as Rebuilt;
}
