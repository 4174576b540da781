import { topology } from '../../infra/topology.ts';
import { assertSchemaVersion } from '../../sql/schema-version.ts';
import { drain } from '../local/pipeline/drain.ts';
import { connect } from '../local/pipeline/local-database.ts';
import { runServices } from '../local/pipeline/run-services.ts';
import { startPipeline } from '../local/pipeline/start-pipeline.ts';
import { readRuntime } from '../local/runtime-file.ts';
import { createAwsClients } from '../shared/aws-clients.ts';
import type { AwsConfig } from '../shared/aws-config.ts';
import { UsageError } from '../shared/exit-code.ts';
import type { Logger } from '../shared/logger.ts';
import { publishOutbox } from '../shared/publish-outbox.ts';
import { type BackfillRequest, reportBackfill, runBackfill } from './commands/backfill.ts';
import type { Output } from './output.ts';
import { progressBar } from './progress.ts';
import type { Settings } from './settings.ts';

export type AnywhereDeps = {
  readonly settings: Settings;
  readonly output: Output;
  readonly logger: Logger;
  readonly signal: AbortSignal;
};

/**
 * Backfills where the settings lead: into a pipeline that runs elsewhere, which then does the rest; or, on this machine, in a
 * pipeline of its own, which it runs until all is done.
 */
export async function backfillAnywhere(deps: AnywhereDeps, request: BackfillRequest): Promise<number> {
  const { settings } = deps;
  if (settings.aws !== undefined) {
    if (settings.databaseUrl === undefined) {
      throw new UsageError(
        'with AWS_ENDPOINT_URL or FIBBARS_CLOUD=aws, DATABASE_URL must say which database',
      );
    }
    return await backfillInto(deps, request, {
      databaseUrl: settings.databaseUrl,
      aws: settings.aws,
      bus: settings.names.bus ?? topology.bus,
    });
  }
  const runtime = await readRuntime(settings.dataFolder);
  if (runtime?.command === 'up' && runtime.databaseUrl && runtime.awsEndpointUrl) {
    return await backfillInto(deps, request, {
      databaseUrl: runtime.databaseUrl,
      aws: {
        endpoint: runtime.awsEndpointUrl,
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      },
      bus: topology.bus,
    });
  }
  return await backfillHere(deps, request);
}

type Elsewhere = { databaseUrl: string; aws: AwsConfig; bus: string };

async function backfillInto(deps: AnywhereDeps, request: BackfillRequest, into: Elsewhere): Promise<number> {
  const db = connect(into.databaseUrl, 'backfill', 60_000);
  const clients = createAwsClients(into.aws);
  try {
    await db.withClient(assertSchemaVersion);
    const publishDeps = { db, eventBridge: clients.eventBridge, busName: into.bus, logger: deps.logger };
    const publish = () => publishOutbox(publishDeps, { signal: AbortSignal.timeout(60_000) });
    return reportBackfill(deps.output, await runBackfill({ ...deps, db, publish }, request));
  } finally {
    await db.close();
    clients.destroy();
  }
}

async function backfillHere(deps: AnywhereDeps, request: BackfillRequest): Promise<number> {
  const { settings, output, logger, signal } = deps;
  const pipeline = await startPipeline(settings, {
    command: 'backfill',
    logger,
    maxVcpus: settings.parallelism,
    logLevel: settings.logLevel,
  });
  try {
    const services = await runServices(pipeline, { logger, print: () => {} });
    try {
      const report = await runBackfill(
        { ...deps, db: pipeline.db, publish: () => pipeline.publish() },
        request,
      );
      const waiting = progressBar(output, 'silver', 'messages');
      let most = 1;
      await drain(pipeline, services, {
        signal,
        onWaiting({ messages }) {
          most = Math.max(most, messages);
          waiting.update(most - messages, most);
        },
      }).finally(waiting.stop);
      return reportBackfill(output, { ...report, complete: report.complete && !signal.aborted });
    } finally {
      await services.stop();
    }
  } finally {
    await pipeline.close();
  }
}
