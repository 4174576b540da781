import { topology } from '../../../infra/topology.ts';
import { findSurroundings } from '../../local/provision/find-surroundings.ts';
import { provision } from '../../local/provision.ts';
import type { AwsClients } from '../../shared/aws-clients.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import type { Output } from '../output.ts';

/** Creates the topology at an endpoint that emulates AWS, and prints the variables that lead the services to it. */
export async function cloudInit(aws: AwsClients, endpoint: string, output: Output): Promise<number> {
  const names = await provision(aws, topology, await findSurroundings(aws, endpoint));
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    FIBBARS_BUS: names.busName,
    FIBBARS_QUEUE_URL: names.queueUrl,
    FIBBARS_DEAD_LETTER_QUEUE_URL: names.deadLetterQueueUrl,
    FIBBARS_SUBSCRIBER_QUEUE_URL: names.subscriberQueueUrl,
    FIBBARS_JOB_QUEUE: names.jobQueue,
    FIBBARS_JOB_DEFINITION: names.jobDefinition,
  };
  output.document({ ...names, variables });
  for (const [name, value] of Object.entries(variables)) output.say(`export ${name}=${value}`);
  return exitCodes.done;
}
