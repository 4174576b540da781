import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { topology } from '../../../infra/topology.ts';
import type { AwsClients } from '../../../services/shared/aws-clients.ts';
import type { Told } from './judge.ts';

const name = 'ear';

/** A subscriber to every event of the pipeline's bus. Returns a function that returns all that it has heard so far. */
export async function listen({ eventBridge, sqs }: AwsClients): Promise<() => Promise<readonly Told[]>> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const rule = { Name: name, EventBusName: topology.bus };
  await eventBridge.send(
    new PutRuleCommand({ ...rule, EventPattern: JSON.stringify({ source: [topology.eventSource] }) }),
  );
  await eventBridge.send(
    new PutTargetsCommand({
      Rule: name,
      EventBusName: topology.bus,
      Targets: [{ Id: name, Arn: Attributes?.['QueueArn'] }],
    }),
  );
  const heard: Told[] = [];
  return async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
      );
      if (Messages.length === 0) return heard;
      for (const { Body = '', ReceiptHandle } of Messages) {
        heard.push(toldIn(Body));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
}

/** The detail word for word, as it was put on the bus: it is the last field of an envelope. */
function toldIn(body: string): Told {
  const mark = '"detail":';
  const envelope = JSON.parse(body) as { 'detail-type': string };
  return { DetailType: envelope['detail-type'], Detail: body.slice(body.indexOf(mark) + mark.length, -1) };
}
