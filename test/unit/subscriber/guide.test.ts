import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { compileEventPattern } from '../../../services/local/cloud/event-bridge/event-pattern.ts';
import { exampleEvents } from '../../support/example-events.ts';

const folder = join(import.meta.dirname, '../../../services/subscriber');
const guide = readFileSync(join(folder, 'guide.md'), 'utf8');
const text = (file: string) => readFileSync(join(folder, 'examples', file), 'utf8');
const patterns = globSync('patterns/*.json', { cwd: join(folder, 'examples') }).toSorted();

const { metadata, data } = exampleEvents.SilverUpdated;

function event(changes: Partial<typeof data>, cause: string = metadata.cause, detailType = 'SilverUpdated') {
  return {
    source: 'fibonacci-bars',
    'detail-type': detailType,
    detail: { metadata: { ...metadata, cause }, data: { ...data, ...changes } },
  };
}

const completed = event({ interval: 21, symbols: ['AAPL', 'MSFT'], completedSymbols: ['MSFT', 'AAPL'] });
const forming = event({ interval: 21, symbols: ['AAPL'], completedSymbols: [] });
const corrected = event({ interval: 21, symbols: ['AAPL'], completedSymbols: [] }, 'correction');
const others = event({ interval: 8, symbols: ['MSFT'], completedSymbols: ['MSFT'] });
const replayed = event({ completedSymbols: [], changedRows: 0, from: null }, 'replay');
const failed = event({}, 'live', 'ResampleFailed');
const events = { completed, forming, corrected, others, replayed, failed };

/** Which of the events each pattern matches. */
const heard: Record<string, (keyof typeof events)[]> = {
  'changed-aapl-21.json': ['completed', 'forming', 'corrected', 'replayed'],
  'completed-aapl-21.json': ['completed'],
  'completed-bars.json': ['completed', 'others'],
  'no-history.json': ['completed', 'forming', 'corrected', 'others'],
  'one-interval.json': ['completed', 'forming', 'corrected', 'replayed'],
  'one-symbol.json': ['completed', 'forming', 'corrected', 'replayed'],
  'trouble.json': ['failed'],
};

test.each(patterns)('%s hears what the guide says', (file) => {
  const matches = compileEventPattern(text(file));
  const names = Object.entries(events).flatMap(([name, each]) => (matches(each) ? [name] : []));
  expect(names).toEqual(heard[basename(file)]);
});

const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '');

test('what the guide shows is what the files hold', () => {
  expect(blocks('json').toSorted()).toEqual(patterns.map(text).toSorted());
  expect(blocks('ts')).toEqual([text('consumer.ts')]);
});

test('what the guide links to is there', () => {
  for (const [, target = ''] of guide.matchAll(/\]\((?!http)([^)#]+)/g)) {
    expect(existsSync(join(folder, target))).toBe(true);
  }
});
