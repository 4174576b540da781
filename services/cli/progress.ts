import { SingleBar } from 'cli-progress';
import type { Output } from './output.ts';
import { paceOf } from './pace.ts';

export type ProgressBar = {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
};

/** A bar with rate and time left, on stderr, when a person looks at a terminal; nothing otherwise. */
export function progressBar(output: Output, label: string, unit: string): ProgressBar {
  if (!output.rich || !process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `  ${label.padEnd(9)}{bar} {value} of {total} ${unit}{pace}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
    fps: 8,
  });
  const pace = paceOf(unit);
  let started = false;
  return {
    update(done, total) {
      const words = pace.add(done, total, performance.now());
      const shown = { pace: words && ` · ${words}` };
      if (!started) bar.start(total, done, shown);
      else bar.update(done, shown);
      started = true;
    },
    stop() {
      if (started) bar.stop();
    },
  };
}
