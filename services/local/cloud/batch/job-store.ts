import type { StateDatabase } from '../state-database.ts';
import { isFinished, type Job, type JobStatus } from './batch-types.ts';

export type JobStore = {
  get(id: string): Job | undefined;
  all(): Job[];
  children(parent: string): Job[];
  /** How many children of an array job stand where. */
  summary(parent: string): Partial<Record<JobStatus, number>>;
  /** Keeps the jobs durably. One whose status is new counts as unannounced until `announced` is called. */
  put(...jobs: Job[]): void;
  announced(id: string): void;
  unannounced(): Job[];
};

/** As long as Batch keeps finished jobs. */
const keepFinishedMs = 7 * 86_400_000;

/** All jobs that the folder knows, in the order of their submission. */
export function openJobStore(database: StateDatabase): JobStore {
  const { sqlite } = database;
  const upsert = sqlite.prepare(
    `insert into job (id, position, finished, announced, body) values (?, ?, ?, ?, ?)
     on conflict (id) do update set finished = excluded.finished, announced = min(announced, excluded.announced), body = excluded.body`,
  );
  const announce = sqlite.prepare('update job set announced = 1 where id = ?');
  const forget = sqlite.prepare('delete from job where id = ?');
  const jobs = new Map<string, Job>();
  const childIds = new Map<string, string[]>();
  const summaries = new Map<string, Partial<Record<JobStatus, number>>>();
  const unannounced = new Set<string>();
  let position = 0;

  function remember(job: Job): void {
    const before = jobs.get(job.jobId);
    jobs.set(job.jobId, job);
    if (!job.array || !('parent' in job.array)) return;
    const { parent } = job.array;
    const siblings = childIds.get(parent) ?? [];
    if (!before) siblings.push(job.jobId);
    childIds.set(parent, siblings);
    const summary = summaries.get(parent) ?? {};
    if (before) summary[before.status] = (summary[before.status] ?? 1) - 1;
    summary[job.status] = (summary[job.status] ?? 0) + 1;
    summaries.set(parent, summary);
  }

  for (const row of sqlite.prepare('select position, announced, body from job order by position').all()) {
    const job = JSON.parse(String(row['body'])) as Job;
    position = Number(row['position']);
    if (isFinished(job) && Date.now() - (job.stoppedAt ?? 0) > keepFinishedMs) {
      forget.run(job.jobId);
      continue;
    }
    remember(job);
    if (Number(row['announced']) === 0) unannounced.add(job.jobId);
  }

  return {
    get: (id) => jobs.get(id),
    all: () => [...jobs.values()],
    children: (parent) => (childIds.get(parent) ?? []).flatMap((id) => jobs.get(id) ?? []),
    summary: (parent) => ({ ...summaries.get(parent) }),
    put(...changed) {
      const isNews = (job: Job) => jobs.get(job.jobId)?.status !== job.status && job.status !== 'SUBMITTED';
      database.transaction(() => {
        for (const job of changed) {
          position += 1;
          upsert.run(job.jobId, position, isFinished(job) ? 1 : 0, isNews(job) ? 0 : 1, JSON.stringify(job));
        }
      });
      // Only now: what could not be kept has not happened.
      for (const job of changed) {
        if (isNews(job)) unannounced.add(job.jobId);
        remember(job);
      }
    },
    announced(id) {
      announce.run(id);
      unannounced.delete(id);
    },
    unannounced: () => [...unannounced].flatMap((id) => jobs.get(id) ?? []),
  };
}
