import { assertSchemaVersion } from '../../sql/schema-version.ts';
import { createAwsClients } from '../shared/aws-clients.ts';
import { openDatabase } from '../shared/database.ts';
import { deadLetterQueueUrlOf } from '../shared/dead-letter-queue-url.ts';
import { exitCodeOf } from '../shared/exit-code.ts';
import { createLogger } from '../shared/logger.ts';
import { shutdownSignal } from '../shared/shutdown-signal.ts';
import { readConfig } from './config.ts';
import { startDispatcher } from './start-dispatcher.ts';

const logger = createLogger('dispatcher', process.env['LOG_LEVEL']);
try {
  const config = readConfig(process.env);
  const signal = shutdownSignal();
  const db = openDatabase({
    connectionString: config.databaseUrl,
    applicationName: 'fibbars dispatcher',
    keepTrying: () => !signal.aborted,
    onRetry: (error) => logger.warn({ reason: error.message }, 'connecting again'),
  });
  const aws = createAwsClients(config.aws);
  try {
    await db.withClient(assertSchemaVersion);
    const deadLetterQueueUrl =
      config.deadLetterQueueUrl ?? (await deadLetterQueueUrlOf(aws.sqs, config.queueUrl));
    logger.info({ queueUrl: config.queueUrl }, 'dispatcher is listening');
    await startDispatcher({ ...config, ...aws, db, logger, deadLetterQueueUrl }, { ...config, signal });
  } finally {
    await db.close();
    aws.destroy();
  }
} catch (error) {
  logger.fatal({ err: error }, 'dispatcher failed');
  process.exitCode = exitCodeOf(error);
}
