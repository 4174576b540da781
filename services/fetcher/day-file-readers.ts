/**
 * Reads day files in threads of their own: parsing one takes about as long as storing it.
 *
 *     read ─▶ waiting ─▶ an idle thread, or one more while there are fewer than allowed ─▶ its answer ─▶ the next waiting
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Delivery } from './bar.ts';
import type { DayFileAnswer } from './day-file-worker.ts';
import type { DayFile } from './find-day-files.ts';
import { readFlatFile } from './flat-file.ts';
import { FlatFileError } from './flat-file-error.ts';
import { unpackDelivery } from './packed-delivery.ts';
import type { Selection } from './selection.ts';

/** Reads as `readFlatFile` does, in this thread or another. */
export type ReadDayFile = (file: DayFile, selection?: Selection, signal?: AbortSignal) => Promise<Delivery>;

type Task = {
  readonly file: DayFile;
  readonly selection: Selection;
  readonly resolve: (delivery: Delivery) => void;
  readonly reject: (error: unknown) => void;
};

type Thread = { readonly worker: Worker; task: Task | undefined };

const program = fileURLToPath(new URL('day-file-worker.ts', import.meta.url));

/**
 * Works with a reader that reads in up to `most` threads; they start when there is something to read, and end with the work.
 * With one, or where the program is bundled into a single file and has none for a thread to start from, it reads in this thread.
 */
export async function withDayFileReader<T>(
  most: number,
  work: (read: ReadDayFile) => Promise<T>,
): Promise<T> {
  if (most < 2 || !existsSync(program)) return await work(readFlatFile);
  const threads = startThreads(most);
  try {
    return await work(threads.read);
  } finally {
    await threads.close();
  }
}

function startThreads(most: number) {
  const waiting: Task[] = [];
  const threads = new Set<Thread>();
  const closed = new Error('the reading of day files was ended');

  function pass(): void {
    while (waiting.length > 0) {
      const thread = [...threads].find(({ task }) => task === undefined) ?? start();
      if (!thread) return;
      thread.task = waiting.shift() as Task;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows: a thread has no origin
      thread.worker.postMessage({ file: thread.task.file, selection: thread.task.selection });
    }
  }

  function start(): Thread | undefined {
    if (threads.size >= most) return undefined;
    const thread: Thread = { worker: new Worker(program), task: undefined };
    threads.add(thread);
    thread.worker.on('message', (answer: DayFileAnswer) => {
      const { task } = thread;
      thread.task = undefined;
      if ('delivery' in answer) task?.resolve(unpackDelivery(answer.delivery));
      else task?.reject(answer.refused ? new FlatFileError(...answer.refused) : answer.error);
      pass();
    });
    thread.worker.on('error', (error) => end(thread, error));
    thread.worker.on('exit', () => end(thread, closed));
    return thread;
  }

  /** A thread that broke fails its day alone: the next one takes another. */
  function end(thread: Thread, error: unknown): void {
    if (!threads.delete(thread)) return;
    thread.task?.reject(error);
    pass();
  }

  const read: ReadDayFile = (file, selection = {}, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const task = { file, selection, resolve, reject };
      signal?.addEventListener(
        'abort',
        () => {
          const at = waiting.indexOf(task);
          if (at >= 0) waiting.splice(at, 1);
          reject(signal.reason);
        },
        { once: true },
      );
      waiting.push(task);
      pass();
    });
  return {
    read,
    /** What is being read fails. */
    async close() {
      for (const { reject } of waiting.splice(0)) reject(closed);
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
}
