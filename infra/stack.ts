import {
  type App,
  CfnOutput,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  Stack,
  Tags,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkSettings } from './check-settings.ts';
import type { Settings } from './settings.ts';
import { addDatabase, type Database } from './stack/database.ts';
import type { Deployment, Image } from './stack/deployment.ts';
import { addDispatcher } from './stack/dispatcher.ts';
import { addBus, addRules } from './stack/events.ts';
import { addJobs } from './stack/jobs.ts';
import { addMigration } from './stack/migration.ts';
import { addNetwork, type Network } from './stack/network.ts';
import { addPeople } from './stack/people.ts';
import { addQueues } from './stack/queues.ts';
import { addSchedules } from './stack/schedules.ts';
import { addWatching } from './stack/watching.ts';

export type StackOptions = {
  readonly settings: Settings;
  /** Makes the image in the stack, or names one that is there. */
  readonly image: (scope: Construct) => Image;
};

/**
 * The whole pipeline as one stack.
 * @throws {SettingsError} before anything is made.
 */
export function createStack(app: App, { settings: given, image }: StackOptions): Stack {
  const settings = checkSettings(given);
  const scope = new Stack(app, `fibonacci-bars-${settings.environment}`, {
    // Without an account no one is asked for the zones: they are looked up by the template.
    env: { region: settings.region },
    description: 'Daily bars of US stocks, resampled into Fibonacci bars, event by event',
    // Nothing but the image needs the bootstrapped account, and that fails by itself without it.
    synthesizer: new DefaultStackSynthesizer({
      generateBootstrapVersionRule: false,
    }) as IStackSynthesizer,
  });
  Tags.of(scope).add('project', 'fibonacci-bars');
  Tags.of(scope).add('environment', settings.environment);
  const deployment: Deployment = { scope, settings, image: image(scope) };

  const network = addNetwork(deployment);
  const database = addDatabase(deployment, network);
  const queues = addQueues(deployment);
  const bus = addBus(deployment);
  const jobs = addJobs(deployment, { network, database, bus });
  addRules(deployment, { bus, queues, jobQueueArn: jobs.jobQueueArn });
  const dispatcher = addDispatcher(deployment, { network, database, bus, queues, jobs });
  const migration = addMigration(deployment, { network, database, cluster: dispatcher.cluster });
  addSchedules(deployment, { jobs, queues });
  addWatching(deployment, { database, queues, jobs });
  addPeople(deployment, { database, bus, queues, jobs, cluster: dispatcher.cluster });
  addOutputs(scope, { network, database });
  // Programs refuse tables of another version.
  for (const later of [dispatcher.service, ...jobs.definitions]) later.node.addDependency(migration);
  return scope;
}

/** What a person needs to start a task, and to find the database through it. */
function addOutputs(scope: Stack, { network, database }: { network: Network; database: Database }): void {
  const output = (id: string, description: string, value: string) =>
    new CfnOutput(scope, id, { description, value });
  const { taskSubnetIds, tasks } = network;
  output(
    'TaskNetwork',
    'For --network-configuration of `aws ecs run-task`',
    `awsvpcConfiguration={subnets=[${taskSubnetIds.join(',')}],securityGroups=[${tasks.securityGroupId}],assignPublicIp=ENABLED}`,
  );
  output('DatabaseHost', 'Reached from the tasks alone', database.host);
}
