import type { Database } from '../shared/database.ts';
import type { Logger } from '../shared/logger.ts';
import { type Acting, actRoutes } from './acts/act-routes.ts';
import { type Acts, createActRunner } from './acts/act-runner.ts';
import { type Cloud, createCloudCounter } from './cloud-counts.ts';
import { newActToken } from './http/act-token.ts';
import { isLoopback } from './http/allowed-hosts.ts';
import { startHttpServer } from './http/http-server.ts';
import { createLiveFeed } from './live/live-feed.ts';
import { createLive } from './live/live-route.ts';
import { outboxSource } from './live/outbox-source.ts';
import { queueSource } from './live/queue-source.ts';
import { pageRoute } from './page-files.ts';
import { createPipelineCounter } from './pipeline-counter.ts';
import { readRoutes } from './read-routes.ts';
import { readOnly } from './reads/read-only.ts';

export type DashboardDeps = {
  /** Only read from. Its own, so that pages and pipeline do not wait for each other's connections. */
  readonly db: Database;
  /** Where the pipeline runs in this process; undefined: elsewhere, and only its database is to be seen from here. */
  readonly local: { readonly cloud: Cloud; readonly acts: Acts } | undefined;
  readonly pageDirectory: () => Promise<string>;
  readonly logger: Logger;
  readonly clock?: () => Date;
  /** See `createLive`. */
  readonly lingerMs?: number;
};

export type DashboardOptions = {
  /** Name or address to listen on; this machine's alone by default. */
  readonly host?: string | undefined;
  /** A free one by default. */
  readonly port?: number | undefined;
};

export type Dashboard = {
  readonly url: string;
  /** Ends what it has begun: an act that runs is stopped, and so is, after a second, a question to the database. */
  close(): Promise<void>;
};

/** Nobody waits for the answers any more. */
const questionGraceMs = 1_000;

/**
 * Serves the page and what it asks for.
 * @throws {DashboardAddressError} if it cannot listen there.
 */
export async function startDashboard(
  deps: DashboardDeps,
  options: DashboardOptions = {},
): Promise<Dashboard> {
  const { local, logger, pageDirectory, clock = () => new Date(), lingerMs } = deps;
  const { host = '127.0.0.1', port = 0 } = options;
  const read = readOnly(deps.db);
  const feed = createLiveFeed();
  const count = createPipelineCounter({
    read,
    countCloud: local && createCloudCounter(local.cloud),
    logger,
  });
  const live = createLive({
    feed,
    source: local ? queueSource({ ...local.cloud, logger }) : outboxSource({ read, logger }),
    count,
    logger,
    ...(lingerMs !== undefined && { lingerMs }),
  });
  const acting = actingOn(local?.acts, host, { feed, logger });
  const canAct = 'runner' in acting;
  const server = await startHttpServer({
    host,
    port,
    logger,
    routes: [
      ...readRoutes({
        read,
        count,
        session: { local: canAct, token: canAct ? acting.token.value : null },
        clock,
      }),
      { method: 'GET', path: /^\/api\/live$/, answer: live.answer },
      ...actRoutes(acting),
      pageRoute({ pageDirectory }),
    ],
  });
  return {
    url: server.url,
    async close() {
      feed.close();
      const cut = setTimeout(() => deps.db.abandon(), questionGraceMs);
      await Promise.all([canAct ? acting.runner.close() : undefined, live.close(), server.close()]);
      clearTimeout(cut);
    },
  };
}

function actingOn(
  acts: Acts | undefined,
  host: string,
  { feed, logger }: { feed: ReturnType<typeof createLiveFeed>; logger: Logger },
): Acting {
  if (acts === undefined) {
    return {
      refusal:
        'This dashboard only shows a pipeline that runs elsewhere: act with `fibbars replay`, `redrive` or `verify` where it runs',
    };
  }
  // Who reaches the page reads the token too.
  if (!isLoopback(host)) {
    return {
      refusal: `This dashboard listens on ${host}, where others may reach it, so it only shows: act on the command line, or start it without --host`,
    };
  }
  return {
    token: newActToken(),
    runner: createActRunner({ acts, tell: (act) => feed.tell({ kind: 'act', act }), logger }),
  };
}
