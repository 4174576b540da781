import { createAwsClients } from '../shared/aws-clients.ts';
import { consume } from '../shared/consume.ts';
import { openDatabase } from '../shared/database.ts';
import { deadLetterQueueUrlOf } from '../shared/dead-letter-queue-url.ts';
import { exitCodeOf } from '../shared/exit-code.ts';
import { createLogger } from '../shared/logger.ts';
import { shutdownSignal } from '../shared/shutdown-signal.ts';
import { readConfig } from './config.ts';
import { formatBar } from './format-bar.ts';
import { createHandler, parseMessage } from './handler.ts';

const logger = createLogger('subscriber', process.env['LOG_LEVEL']);
try {
  const { databaseUrl, queueUrl, aws } = readConfig(process.env);
  const db = openDatabase({ connectionString: databaseUrl, applicationName: 'fibbars subscriber' });
  const clients = createAwsClients(aws);
  const { sqs } = clients;
  const handle = createHandler({
    db,
    watched: new Set(['AAPL']),
    logger,
    print: (bar, days) => process.stdout.write(`${formatBar(bar, days)}\n`),
  });
  try {
    const deadLetterQueueUrl = await deadLetterQueueUrlOf(sqs, queueUrl);
    await consume(
      { sqs, queueUrl, deadLetterQueueUrl, logger },
      { parse: parseMessage, handle, signal: shutdownSignal() },
    );
  } finally {
    await db.close();
    clients.destroy();
  }
} catch (error) {
  logger.fatal({ err: error }, 'subscriber failed');
  process.exitCode = exitCodeOf(error);
}
