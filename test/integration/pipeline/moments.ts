import { Client, DatabaseError } from 'pg';
import { readPublished } from '../../../services/local/runtime-file.ts';
import { type Running, reaches, type Workspace } from './workspace.ts';

/**
 * When to stop a program: so long after it has opened the data folder, or when the database that it runs answers a query with
 * true in `reached`.
 */
export type Moment = { readonly afterMs: number } | { readonly when: string };

export const daysIn = (count: number): Moment => ({
  when: `select count(*) >= ${count} as reached from ops.trading_day`,
});

/** @returns whether the moment came before the program's end. */
export async function waitFor(workspace: Workspace, running: Running, moment: Moment): Promise<boolean> {
  const published = async () => {
    const runtime = await readPublished(workspace.folder);
    return runtime?.pid === running.pid ? runtime : undefined;
  };
  if ('afterMs' in moment) {
    let openedAt: number | undefined;
    return await reaches(running, async () => {
      if (openedAt === undefined && (await published())) openedAt = Date.now();
      return openedAt !== undefined && Date.now() >= openedAt + moment.afterMs;
    });
  }
  let client: Client | undefined;
  try {
    return await reaches(running, async () => {
      if (client === undefined) {
        const runtime = await published();
        // With the endpoint it says that the tables are there.
        if (runtime?.awsEndpointUrl === undefined) return false;
        client = new Client({ connectionString: runtime.databaseUrl });
        client.on('error', () => {});
        await client.connect();
      }
      const { rows } = await client.query<{ reached: boolean }>(moment.when);
      return rows[0]?.reached === true;
    });
  } catch (error) {
    // Class 57 and errors without a SQLSTATE: the server ended, since the program is at its end.
    if (error instanceof DatabaseError && !error.code?.startsWith('57')) throw error;
    await running.exit;
    return false;
  } finally {
    await client?.end().catch(() => {});
  }
}
