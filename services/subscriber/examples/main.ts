/** Prints what it hears: `node services/subscriber/examples/main.ts my-bars '{"detail-type":["SilverUpdated"]}'`, until Ctrl-C. */
import { createAwsClients } from '../../shared/aws-clients.ts';
import { readAwsConfig } from '../../shared/aws-config.ts';
import { deadLetterQueueUrlOf } from '../../shared/dead-letter-queue-url.ts';
import { createLogger } from '../../shared/logger.ts';
import { shutdownSignal } from '../../shared/shutdown-signal.ts';
import { hearEvents } from './consumer.ts';
import { subscribe } from './subscribe.ts';

const [name = 'my-bars', pattern = '{"detail-type":["SilverUpdated"]}'] = process.argv.slice(2);
const busName = process.env['FIBBARS_BUS'] ?? 'fibonacci-bars';
const signal = shutdownSignal();
const clients = createAwsClients(readAwsConfig(process.env));
try {
  const queueUrl = await subscribe(clients, { busName, name, pattern });
  const { sqs } = clients;
  const deadLetterQueueUrl = await deadLetterQueueUrlOf(sqs, queueUrl);
  const logger = createLogger(name, process.env['LOG_LEVEL']);
  process.stdout.write(`${name} hears ${pattern}\n`);
  await hearEvents(
    { sqs, queueUrl, deadLetterQueueUrl, logger },
    {
      async SilverUpdated({ data }) {
        process.stdout.write(`${data.interval} days, from ${data.from}: ${data.symbols.join(' ')}\n`);
      },
      async ResampleFailed({ data }) {
        process.stdout.write(`job ${data.jobId} gave up: ${data.reason}\n`);
      },
    },
    signal,
  );
} finally {
  clients.destroy();
}
