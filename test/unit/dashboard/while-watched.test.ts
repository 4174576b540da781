import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { whileWatched } from '../../../services/dashboard/live/while-watched.ts';

function watch({ lingerMs = 0, fails = 0, patienceMs = 5_000 } = {}) {
  const said: string[] = [];
  let left = fails;
  const watched = whileWatched({
    start() {
      if (left-- > 0) return Promise.reject(new Error('away'));
      said.push('start');
      return Promise.resolve({
        stop: () => {
          said.push('stop');
          return Promise.resolve();
        },
      });
    },
    onStarted: () => said.push('started'),
    lingerMs,
    patienceMs,
    logger: pino({ level: 'silent' }),
  });
  return { watched, said };
}

test('it runs from the first who comes to the last who leaves', async () => {
  const { watched, said } = watch();
  await Promise.all([watched.arrive(), watched.arrive()]);
  expect(said).toEqual(['start', 'started']);
  watched.leave();
  await watched.arrive();
  watched.leave();
  watched.leave();
  await vi.waitFor(() => expect(said).toEqual(['start', 'started', 'stop']));
  await watched.arrive();
  expect(said).toEqual(['start', 'started', 'stop', 'start', 'started']);
  await watched.close();
  expect(said.at(-1)).toBe('stop');
});

test('whoever comes back soon finds it running', async () => {
  const { watched, said } = watch({ lingerMs: 60_000 });
  await watched.arrive();
  watched.leave();
  await watched.arrive();
  expect(said).toEqual(['start', 'started']);
  watched.leave();
  await watched.close();
  expect(said).toEqual(['start', 'started', 'stop']);
});

test('a start that fails is tried again, and nobody waits for ever', async () => {
  const { watched, said } = watch({ fails: 2 });
  await watched.arrive();
  expect(said).toEqual(['start', 'started']);
  await watched.close();

  const away = watch({ fails: Infinity, patienceMs: 30 });
  await away.watched.arrive();
  expect(away.said).toEqual([]);
  await away.watched.close();
});
