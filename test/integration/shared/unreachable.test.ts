import { ListJobsCommand } from '@aws-sdk/client-batch';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { createAwsClients } from '../../../services/shared/aws-clients.ts';
import { readAwsConfig } from '../../../services/shared/aws-config.ts';
import { openDatabase } from '../../../services/shared/database.ts';
import { DatabaseUnreachableError } from '../../../services/shared/database-errors.ts';
import { freePort } from '../../support/free-port.ts';

test('connecting is tried again for as long as it is worth it', async () => {
  let [asked, retried] = [0, 0];
  const db = openDatabase({
    connectionString: `postgres://nobody:secret@127.0.0.1:${await freePort()}/none`,
    keepTrying: () => ++asked < 3,
    onRetry: () => {
      retried++;
    },
  });
  const error = await db.query('select 1').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DatabaseUnreachableError);
  expect(String(error)).toMatch(/nobody:\*\*\*@127\.0\.0\.1.*ECONNREFUSED.*Check DATABASE_URL/);
  expect({ asked, retried }).toEqual({ asked: 3, retried: 2 });
  await db.close();
});

test('an endpoint in place of AWS where nobody answers is named, with what to do', async () => {
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  const aws = createAwsClients(readAwsConfig({ AWS_ENDPOINT_URL: endpoint }));
  const errors = await Promise.all([
    aws.sqs.send(new ListQueuesCommand()).catch((error: unknown) => error),
    aws.eventBridge.send(new ListRulesCommand()).catch((error: unknown) => error),
    aws.batch.send(new ListJobsCommand({ jobQueue: 'any' })).catch((error: unknown) => error),
  ]);
  aws.destroy();
  for (const error of errors) {
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^Nothing answers at (http:\/\/127\.0\.0\.1:\d+), .*ECONNREFUSED.*: set AWS_ENDPOINT_URL to .*`fibbars up` prints/,
      ),
      // As the exit code of a job that Batch is to try again goes by it.
      code: 'ECONNREFUSED',
    });
    expect(String(error)).toContain(endpoint);
  }
});
