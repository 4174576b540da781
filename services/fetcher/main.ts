import { createAwsClients } from '../shared/aws-clients.ts';
import { isOnAws } from '../shared/aws-config.ts';
import { openDatabase } from '../shared/database.ts';
import { exitCodeOf } from '../shared/exit-code.ts';
import { createLogger } from '../shared/logger.ts';
import { publishOutbox } from '../shared/publish-outbox.ts';
import { shutdownSignal } from '../shared/shutdown-signal.ts';
import { readConfig } from './config.ts';
import { runFetcher } from './handler.ts';

/** Of the 30 s between SIGTERM and SIGKILL: for the day under way and its events. */
const graceMs = 15_000;

const logger = createLogger('fetcher', process.env['LOG_LEVEL'], { embedMetrics: isOnAws(process.env) });
try {
  const config = readConfig(process.argv.slice(2), process.env);
  const signal = shutdownSignal();
  const db = openDatabase({
    connectionString: config.databaseUrl,
    applicationName: 'fibbars fetcher',
    keepTrying: () => !signal.aborted,
    onRetry: (error) => logger.warn({ reason: error.message }, 'connecting again'),
  });
  signal.addEventListener('abort', () => setTimeout(() => db.abandon(), graceMs).unref());
  const aws = createAwsClients(config.aws);
  const late = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => late.abort(), graceMs).unref());
  const publish = () =>
    publishOutbox(
      { db, eventBridge: aws.eventBridge, busName: config.busName, logger },
      { signal: late.signal },
    );
  try {
    process.exitCode = await runFetcher({ db, logger, publish, clock: () => new Date(), signal }, config);
  } finally {
    await db.close();
    aws.destroy();
  }
} catch (error) {
  logger.fatal({ err: error }, 'fetcher failed');
  process.exitCode = exitCodeOf(error);
}
