import { prices } from '../prices.ts';
import type { Resource, Template } from '../synthesise.ts';
import { databaseLines } from './database-lines.ts';
import { assertPriced } from './kinds.ts';
import { type CostLine, cents, line, type Month, monthOf, ofType } from './lines.ts';
import { taskLines } from './task-lines.ts';
import { trapLines } from './trap-lines.ts';
import { watchingLines } from './watching-lines.ts';

export type Estimate = {
  readonly totalUsd: number;
  readonly symbols: number;
  readonly lines: readonly CostLine[];
};

/**
 * What the template costs a month with so many symbols in the market, line by line.
 * @throws {UnpricedResourceError} if it has a type of resource that is in no line, and not known to be free.
 */
export function estimate(template: Template, symbols: number): Estimate {
  const resources = Object.values(template.Resources);
  assertPriced(resources);
  const month = monthOf(resources, symbols);
  const secrets = secretsIn(resources);
  const lines = [
    ...databaseLines(resources, month),
    ...taskLines(resources, month),
    line(
      'secrets',
      secrets * prices.secrets.month,
      `${secrets}, with the master user's; the provider's keys are free parameters`,
    ),
    ...watchingLines(resources, month),
    ...eventLines(resources, month),
    line('container images', 0.5 * prices.images.gbMonth, 'five of 100 MB; `cdk gc` removes older ones'),
    ...trapLines(resources),
  ];
  return { totalUsd: cents(lines.reduce((sum, { usd }) => sum + usd, 0)), symbols, lines };
}

/** A run tells of its day, and of each interval of a chunk of 2,000 symbols. */
function eventLines(resources: readonly Resource[], { runs, symbols, minutes }: Month): CostLine[] {
  const events = runs * (1 + 6 * Math.ceil(symbols / 2_000));
  // A running dispatcher asks three times a minute; each event is sent, received and deleted, on two queues at most.
  const requests = runs * 3 * minutes.dispatcher + 6 * events;
  const gb = ofType(resources, 'Events::Archive').length * events * 20e-6;
  const { eventBridge, sqs } = prices;
  return [
    line(
      'queues and events',
      (events / 1e6) * eventBridge.millionEvents +
        (requests / 1e6) * sqs.millionRequests +
        gb * (eventBridge.archiveGb + 3 * eventBridge.archiveGbMonth),
      `${events.toFixed(0)} events of 20 kB, archived for three months, and ${requests.toFixed(0)} requests`,
    ),
  ];
}

function secretsIn(resources: readonly Resource[]): number {
  return resources.filter(
    ({ Type, Properties }) =>
      Type === 'AWS::SecretsManager::Secret' || Properties?.['ManageMasterUserPassword'] === true,
  ).length;
}
