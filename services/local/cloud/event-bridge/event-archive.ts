import { type Archive, type EventBridgeState, matcherOf } from './event-bridge-state.ts';
import type { Envelope } from './event-envelope.ts';

export type ArchivedEvent = { readonly position: number; readonly timeMs: number; readonly text: string };

export type EventArchive = {
  /** Keeps the events in every archive of the bus that asks for them. */
  append(busArn: string, envelopes: readonly Envelope[]): void;
  /** The next events of a span of event time (both ends included), after a position in it. */
  read(archive: string, span: ArchiveSpan): ArchivedEvent[];
  size(archive: string): { count: number; bytes: number };
  delete(archive: string): void;
  /** Forgets what is older than the archive's retention. */
  expire(archive: Archive): void;
};

export type ArchiveSpan = {
  readonly after: { readonly timeMs: number; readonly position: number };
  readonly throughMs: number;
  readonly limit: number;
};

export function openEventArchive(state: EventBridgeState): EventArchive {
  const { sqlite } = state.database;
  const insert = sqlite.prepare('insert into archived_event (archive, time_ms, event) values (?, ?, ?)');
  const select = sqlite.prepare(
    `select position, time_ms, event from archived_event
     where archive = ? and (time_ms, position) > (?, ?) and time_ms <= ?
     order by time_ms, position limit ?`,
  );
  const measure = sqlite.prepare(
    'select count(*) as count, coalesce(sum(length(event)), 0) as bytes from archived_event where archive = ?',
  );
  const remove = sqlite.prepare('delete from archived_event where archive = ?');
  const removeOld = sqlite.prepare('delete from archived_event where archive = ? and time_ms < ?');
  return {
    append(busArn, envelopes) {
      const archives = state.archives.all().filter((archive) => archive.EventSourceArn === busArn);
      if (archives.length === 0) return;
      state.database.transaction(() => {
        for (const archive of archives) {
          for (const { timeMs, text } of envelopes) {
            if (!archive.EventPattern || matcherOf(archive.EventPattern)(JSON.parse(text))) {
              insert.run(archive.ArchiveName, timeMs, text);
            }
          }
        }
      });
    },
    read: (archive, { after, throughMs, limit }) =>
      select.all(archive, after.timeMs, after.position, throughMs, limit).map((row) => ({
        position: Number(row['position']),
        timeMs: Number(row['time_ms']),
        text: String(row['event']),
      })),
    size(archive) {
      const row = measure.get(archive);
      return { count: Number(row?.['count']), bytes: Number(row?.['bytes']) };
    },
    delete: (archive) => void remove.run(archive),
    expire({ ArchiveName, RetentionDays }) {
      if (RetentionDays > 0) removeOld.run(ArchiveName, Date.now() - RetentionDays * 86_400_000);
    },
  };
}
