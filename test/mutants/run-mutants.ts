/** npm run test:mutants [-- WORD …]: puts each fault of the table into a copy of the program and runs the tests. See README.md. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { startPostgres } from '../../services/local/postgres/start-postgres.ts';
import { type Mutant, mutants } from './mutants.ts';
import { type Stage, WorkTree } from './work-tree.ts';

const workers = 2;
const leastKilledPercent = 90;
/** The quick ones first: most mutants get no further. */
const stages: readonly Stage[] = [
  { name: 'unit', files: ['test/unit/resampler'] },
  {
    name: 'database',
    files: [
      'test/integration/resampler/resample-chunk.test.ts',
      'test/integration/resampler/splits.test.ts',
      'test/integration/resampler/histories.test.ts',
    ],
  },
];

type Outcome = Mutant & { readonly killedBy: string | undefined };

const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopped.abort());

const words = process.argv.slice(2);
const chosen = mutants.filter(({ file, breaks }) =>
  words.every((word) => file.includes(word) || breaks.includes(word)),
);
const folder = await mkdtemp(join(tmpdir(), 'fibbars-mutants-'));
try {
  // The user whom root lends to the server must pass through.
  await chmod(folder, 0o711);
  const postgres = await startPostgres({
    directory: join(folder, 'postgres'),
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  try {
    const env = { ...process.env, DATABASE_URL: postgres.url, FIBBARS_TEST_HISTORIES: '500' };
    report(await killAll(env));
  } finally {
    await postgres.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function killAll(env: NodeJS.ProcessEnv): Promise<Outcome[]> {
  const trees = Array.from(
    { length: workers },
    (_, worker) => new WorkTree(join(folder, `worker-${worker}`), env, stopped.signal),
  );
  await Promise.all(trees.map((tree) => tree.create()));
  for (const stage of stages) {
    if (await trees[0]?.passes(stage)) continue;
    if (stopped.signal.aborted) return [];
    throw new Error(`the ${stage.name} tests fail without any mutant: mend them first`);
  }
  const bar = new SingleBar({
    format: '  mutants {bar} {value} of {total} · {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
    stream: process.stderr,
  });
  bar.start(chosen.length, 0);
  const left = [...chosen.entries()];
  const outcomes: Outcome[] = [];
  await Promise.all(
    trees.map(async (tree) => {
      for (let next = left.shift(); next && !stopped.signal.aborted; next = left.shift()) {
        const [position, mutant] = next;
        outcomes[position] = { ...mutant, killedBy: await tree.kill(mutant, stages) };
        bar.increment();
      }
    }),
  );
  bar.stop();
  return outcomes;
}

function report(outcomes: readonly Outcome[]): void {
  if (stopped.signal.aborted) {
    process.exitCode = 130;
    return;
  }
  for (const { file, breaks, killedBy } of outcomes) {
    console.log(`${file.padEnd(17)} ${(killedBy ?? 'SURVIVED').padEnd(9)} ${breaks}`);
  }
  const killed = outcomes.filter((outcome) => outcome.killedBy !== undefined).length;
  const percent = (100 * killed) / outcomes.length;
  console.log(`\n${killed} of ${outcomes.length} killed (${percent.toFixed(1)} %)`);
  if (!(percent >= leastKilledPercent)) process.exitCode = 1;
}
