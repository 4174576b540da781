import { assertSchemaVersion } from '../../../sql/schema-version.ts';
import { startDashboard } from '../../dashboard/start-dashboard.ts';
import { openLocalDatabase } from '../../local/pipeline/local-database.ts';
import { type Database, openDatabase } from '../../shared/database.ts';
import { isRefused } from '../../shared/database-errors.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import type { DashboardChoice } from '../dashboard-beside.ts';
import { builtPage, openInBrowser } from '../dashboard-page.ts';
import type { WorkplaceDeps } from '../workplace.ts';

/** Shows the database that the settings lead to, until the signal aborts. */
export async function showDashboard(
  { settings, output, logger, signal }: WorkplaceDeps,
  { open, ...options }: DashboardChoice,
): Promise<number> {
  const opened = settings.databaseUrl
    ? await openElsewhere(settings.databaseUrl)
    : await openLocalDatabase(settings, { command: 'dashboard', logger });
  try {
    const { db } = opened;
    const dashboard = await startDashboard(
      { db, local: undefined, pageDirectory: builtPage, logger },
      options,
    );
    try {
      output.document({ state: 'up', dashboard: dashboard.url });
      output.say(`Dashboard: ${dashboard.url}`);
      output.say('It only shows. Ctrl-C stops it.');
      if (open) await openInBrowser(dashboard.url, logger);
      await untilAborted(signal);
      return exitCodes.done;
    } finally {
      await dashboard.close();
    }
  } finally {
    await opened.close();
  }
}

/** A server may be restarting; whoever looks at a page does not wait longer to hear that there is none. */
const refusedPatienceMs = 5_000;

/** Patient, since a paused Aurora wakes; and no connection is kept that nobody uses. */
async function openElsewhere(connectionString: string): Promise<{ db: Database; close(): Promise<void> }> {
  const db = openDatabase({
    connectionString,
    maxConnections: 3,
    connectPatienceMs: 60_000,
    keepTrying: (error, sinceMs) => !isRefused(error) || sinceMs < refusedPatienceMs,
    applicationName: 'fibbars dashboard',
  });
  try {
    await db.withClient(assertSchemaVersion);
  } catch (error) {
    await db.close();
    throw error;
  }
  return { db, close: () => db.close() };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
