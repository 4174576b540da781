/**
 * Which events the corpus has kept, as corpus/SHA256SUMS lists them; `sha256sum -c` reads it too. Its lines are added and never
 * rewritten: whoever changes or removes a kept event would have to edit it by hand, where a reader of the change sees it.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const listName = 'corpus/SHA256SUMS';

/** What differs from the list, in words; nothing if all are as they were kept. */
export function checkKept(folder: string): string[] {
  const [kept, present] = [readList(folder), hashCorpus(folder)];
  const lost = [...kept].flatMap(([name, hash]) => {
    const now = present.get(name);
    if (now === undefined)
      return [`corpus/${name} was kept, and is gone: a published event is never removed`];
    return now === hash ? [] : [`corpus/${name} is not as it was kept: a published event is never changed`];
  });
  const added = [...present.keys()].filter((name) => !kept.has(name));
  return [
    ...lost,
    ...added.map((name) => `corpus/${name} is not in ${listName}: \`npm run contracts:keep\` adds it`),
  ];
}

/** Adds the events that are not listed. */
export function keepNew(folder: string): void {
  const all = [...new Map([...hashCorpus(folder), ...readList(folder)])].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  writeFileSync(join(folder, listName), all.map(([name, hash]) => `${hash}  ${name}\n`).join(''));
}

type Hashes = ReadonlyMap<string, string>;

function readList(folder: string): Hashes {
  const list = join(folder, listName);
  const lines = (existsSync(list) ? readFileSync(list, 'utf8') : '').split('\n').filter(Boolean);
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

function hashCorpus(folder: string): Hashes {
  const names = globSync('*.json', { cwd: join(folder, 'corpus') }).toSorted();
  const hash = (name: string) => createHash('sha256').update(readFileSync(join(folder, 'corpus', name)));
  return new Map(names.map((name) => [name, hash(name).digest('hex')]));
}
