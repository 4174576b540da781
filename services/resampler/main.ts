import { createAwsClients } from '../shared/aws-clients.ts';
import { isOnAws } from '../shared/aws-config.ts';
import { openDatabase } from '../shared/database.ts';
import { exitCodeOf } from '../shared/exit-code.ts';
import { createLogger } from '../shared/logger.ts';
import { publishOutbox } from '../shared/publish-outbox.ts';
import { shutdownSignal } from '../shared/shutdown-signal.ts';
import { readConfig } from './config.ts';
import { runJob } from './handler.ts';

/** Of the 30 s between SIGTERM and SIGKILL: after these, the chunk under way is rolled back. */
const graceMs = 15_000;

const logger = createLogger('resampler', process.env['LOG_LEVEL'], { embedMetrics: isOnAws(process.env) });
/** Of the job, as soon as it is known. */
let log = logger;
try {
  const config = readConfig(process.argv.slice(2), process.env);
  log = logger.child({ jobId: config.jobId, shard: config.shard });
  const signal = shutdownSignal();
  const db = openDatabase({
    connectionString: config.databaseUrl,
    maxConnections: config.sessions + 1,
    applicationName: 'fibbars resampler',
    keepTrying: () => !signal.aborted,
    onRetry: (error) => log.warn({ reason: error.message }, 'connecting again'),
  });
  signal.addEventListener('abort', () => setTimeout(() => db.abandon(), graceMs).unref());
  const aws = createAwsClients(config.aws);
  const publish = () =>
    publishOutbox(
      { db, eventBridge: aws.eventBridge, busName: config.busName, logger: log },
      { signal: AbortSignal.timeout(graceMs) },
    );
  try {
    process.exitCode = await runJob(
      {
        db,
        logger: log,
        publish,
        signal,
        onStart(correlationId) {
          log = log.child({ correlationId });
        },
      },
      config,
    );
  } finally {
    await db.close();
    aws.destroy();
  }
} catch (error) {
  log.fatal({ err: error }, 'resampler failed');
  process.exitCode = exitCodeOf(error);
}
