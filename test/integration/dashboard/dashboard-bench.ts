import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as startRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Session } from '../../../services/dashboard/api.ts';
import { type DashboardDeps, startDashboard } from '../../../services/dashboard/start-dashboard.ts';
import type { Delivery } from '../../../services/fetcher/bar.ts';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { validateBars } from '../../../services/fetcher/validate-bars.ts';
import { type Database, openDatabase } from '../../../services/shared/database.ts';

export const silent = pino({ level: 'silent' });

/** A folder that stands in for the built page, with a secret beside it. */
async function makePage(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'fibbars-page-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  await mkdir(join(parent, 'page/assets'), { recursive: true });
  await writeFile(join(parent, 'page/index.html'), '<!doctype html><title>bars</title>');
  await writeFile(join(parent, 'page/assets/main-0a1b2c3d.js'), 'export {};');
  await writeFile(join(parent, 'secret.txt'), 'hush');
  return join(parent, 'page');
}

export type Served = {
  readonly url: string;
  readonly close: () => Promise<void>;
  /** The JSON at a path; fails unless the answer is a success. */
  readonly json: <T>(path: string) => Promise<T>;
  readonly session: () => Promise<Session>;
};

/** A dashboard over a database, which ends with the test. */
export async function serve(
  databaseUrl: string,
  deps: Partial<DashboardDeps> = {},
  options: Parameters<typeof startDashboard>[1] = {},
): Promise<Served> {
  const db = openDatabase({ connectionString: databaseUrl, maxConnections: 3, applicationName: 'dashboard' });
  const page = await makePage();
  const dashboard = await startDashboard(
    { db, local: undefined, pageDirectory: () => Promise.resolve(page), logger: silent, ...deps },
    options,
  );
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= dashboard.close().then(() => db.close());
    return closed;
  };
  onTestFinished(close);
  const json = async <T>(path: string) => {
    const response = await fetch(new URL(path, dashboard.url));
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return { url: dashboard.url, close, json, session: () => json<Session>('/api/session') };
}

export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** Sends a request as it is given, with any path, Host and Origin: fetch would put them right. */
export function raw(
  url: string,
  { body, ...options }: { path: string; method?: string; headers?: Record<string, string>; body?: string },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = startRequest({ hostname, port, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    request.once('error', reject);
    request.end(body);
  });
}

export type Row = { symbol: string; open?: string; close?: string; volume?: string };

/** Takes one day in as a fetcher does; its event stays in the outbox. */
export async function deliver(
  db: Database,
  tradingDay: string,
  rows: readonly Row[],
  more: Partial<Delivery> & { prune?: boolean } = {},
): Promise<{ correlationId: string }> {
  const { prune = false, ...delivery } = more;
  const judged = validateBars(
    rows.map(({ symbol, open = '10', close = '11', volume = '100' }, at) => {
      return { position: at + 1, symbol, open, high: '500', low: '1', close, volume };
    }),
  );
  const correlationId = randomUUID();
  await ingestDay(
    { db },
    {
      source: 'test',
      tradingDay,
      adjusted: false,
      fingerprint: JSON.stringify(rows),
      ...judged,
      ...delivery,
    },
    { cause: 'live', correlationId, prune },
  );
  return { correlationId };
}
