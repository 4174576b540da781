import type { StateDatabase } from './state-database.ts';

export type ResourceStore<T> = {
  get(name: string): T | undefined;
  all(): T[];
  put(name: string, resource: T): void;
  delete(name: string): void;
};

/** Named things of one kind, in memory and in the folder's state. */
export function openResourceStore<T>(state: StateDatabase, kind: string): ResourceStore<T> {
  const upsert = state.sqlite.prepare(
    'insert into resource (kind, name, body) values (?, ?, ?) on conflict (kind, name) do update set body = excluded.body',
  );
  const remove = state.sqlite.prepare('delete from resource where kind = ? and name = ?');
  const rows = state.sqlite.prepare('select name, body from resource where kind = ? order by name').all(kind);
  const resources = new Map(rows.map((row) => [String(row['name']), JSON.parse(String(row['body'])) as T]));
  return {
    get: (name) => resources.get(name),
    all: () => [...resources.values()],
    put(name, resource) {
      upsert.run(kind, name, JSON.stringify(resource));
      resources.set(name, resource);
    },
    delete(name) {
      remove.run(kind, name);
      resources.delete(name);
    },
  };
}
