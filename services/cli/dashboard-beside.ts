import { topology } from '../../infra/topology.ts';
import { type Dashboard, startDashboard } from '../dashboard/start-dashboard.ts';
import type { Pipeline } from '../local/pipeline/start-pipeline.ts';
import { openDatabase } from '../shared/database.ts';
import type { Logger } from '../shared/logger.ts';
import { dashboardActs } from './dashboard-acts.ts';
import { builtPage, openInBrowser } from './dashboard-page.ts';
import { findQueues } from './redrive/dead-letter-queues.ts';

export type DashboardChoice = {
  readonly host: string;
  /** undefined: a free one. */
  readonly port: number | undefined;
  /** In the browser. */
  readonly open: boolean;
};

/**
 * Shows the pipeline that runs in this process. Without a dashboard the pipeline runs as well: what is wrong is logged, and nothing is
 * returned.
 */
export async function startDashboardBeside(
  pipeline: Pipeline,
  { open, ...options }: DashboardChoice,
  logger: Logger,
): Promise<Dashboard | undefined> {
  const { aws, names } = pipeline;
  const log = logger.child({ part: 'dashboard' });
  // Its own few connections: pages and pipeline do not wait for each other's.
  const db = openDatabase({
    connectionString: pipeline.databaseUrl,
    maxConnections: 3,
    connectPatienceMs: 10_000,
    applicationName: 'fibbars dashboard',
  });
  try {
    const { deadLetterQueues } = await findQueues(aws.sqs, names);
    const cloud = {
      ...aws,
      busName: names.busName,
      archiveName: topology.archive.name,
      queueUrl: names.queueUrl,
      deadLetterQueueUrls: deadLetterQueues.map(({ url }) => url),
    };
    const dashboard = await startDashboard(
      { db, local: { cloud, acts: dashboardActs(pipeline, log) }, pageDirectory: builtPage, logger: log },
      options,
    );
    if (open) await openInBrowser(dashboard.url, log);
    return {
      url: dashboard.url,
      async close() {
        await dashboard
          .close()
          .catch((error: unknown) => log.error({ err: error }, 'the dashboard ended badly'));
        await db.close();
      },
    };
  } catch (error) {
    log.error({ err: error }, 'no dashboard; the pipeline runs without it');
    await db.close();
    return undefined;
  }
}
