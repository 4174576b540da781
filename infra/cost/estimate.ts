import { prices } from '../prices.ts';
import type { Resource, Template } from '../synthesise.ts';

export type CostLine = {
  readonly name: string;
  /** A month. */
  readonly usd: number;
  /** What it is reckoned from. */
  readonly assumption: string;
};
export type Estimate = {
  readonly totalUsd: number;
  readonly symbols: number;
  readonly lines: readonly CostLine[];
};

const weeks = 365 / 7 / 12;
const perRun = { fetchMinutes: 4, dispatcherMinutes: 20, pauseMinutes: 5 };
/** Trading days of history, and bytes of a daily bar with its part of silver and the keys. */
const history = { days: 1_260, bytesABar: 210 };

/** What the template costs a month with so many symbols in the market, line by line. */
export function estimate(template: Template, symbols: number): Estimate {
  const resources = Object.values(template.Resources);
  const of = (type: string) => resources.filter(({ Type }) => Type === `AWS::${type}`);
  const runs = of('Scheduler::Schedule').reduce((sum, each) => sum + weeks * daysAWeek(each), 0);
  const share = symbols / 11_000;
  const resampleMinutes = 1.5 + 3 * share;
  const taskHours = (runs * (perRun.fetchMinutes + resampleMinutes + perRun.dispatcherMinutes)) / 60;
  const lines = [
    ...databaseLines(of('RDS::DBCluster'), { runs, symbols, share, resampleMinutes }),
    ...taskLines(resources, { runs, resampleMinutes }),
    line(
      'public addresses',
      taskHours * prices.publicIpv4Hour,
      `one for each running task, ${taskHours.toFixed(0)} hours`,
    ),
    line(
      'secrets',
      secretsIn(resources) * prices.secretMonth,
      "the master user's; the provider's key is a free parameter",
    ),
    ...watchingLines(resources, share),
    line('queues and events', 0.05 + 0.1 * share, 'some 50,000 requests and events, and the archive'),
    line('container images', 0.5 * prices.imageGbMonth, 'five of 100 MB; `cdk gc` removes older ones'),
    ...trapLines(resources),
  ];
  return { totalUsd: cents(lines.reduce((sum, { usd }) => sum + usd, 0)), symbols, lines };
}

type Month = { runs: number; symbols: number; share: number; resampleMinutes: number };

function databaseLines(
  clusters: readonly Resource[],
  { runs, symbols, share, resampleMinutes }: Month,
): CostLine[] {
  return clusters.flatMap(({ Properties }) => {
    const { MinCapacity: least = 0.5 } = (Properties?.['ServerlessV2ScalingConfiguration'] ?? {}) as {
      MinCapacity?: number;
    };
    const minutes = perRun.fetchMinutes + resampleMinutes + perRun.dispatcherMinutes + perRun.pauseMinutes;
    const [hours, acu] = [(runs * minutes) / 60, 1 + share];
    const gb = 0.2 + (symbols * history.days * history.bytesABar) / 1e9;
    return [
      line(
        'database, awake for the runs',
        hours * acu * prices.aurora.acuHour,
        `${hours.toFixed(0)} hours at ${acu.toFixed(1)} ACU: ${runs.toFixed(0)} runs of ${minutes.toFixed(0)} minutes with ${perRun.pauseMinutes} until it pauses`,
      ),
      line(
        'database, storage',
        gb * prices.aurora.gbMonth,
        `${gb.toFixed(1)} GB: ${history.days} days of history`,
      ),
      line(
        'database, reads and writes',
        (1 + 4 * share) * prices.aurora.millionIo,
        `${(1 + 4 * share).toFixed(1)} million`,
      ),
      line(
        'database, backups',
        gb * prices.aurora.backupGbMonth,
        'as much again as the data, above what is free',
      ),
      ...(least === 0
        ? []
        : [
            line(
              'TRAP: awake database',
              least * prices.hoursAMonth * prices.aurora.acuHour,
              `never below ${least} ACU, so it never pauses`,
            ),
          ]),
    ];
  });
}

function taskLines(
  resources: readonly Resource[],
  { runs, resampleMinutes }: { runs: number; resampleMinutes: number },
): CostLine[] {
  const text = JSON.stringify(resources);
  const architecture = text.includes('"CpuArchitecture":"X86_64"') ? 'X86_64' : 'ARM64';
  const { vcpuHour, gbHour } = prices.fargate[architecture];
  const spot = 1 - prices.fargate.spotDiscount;
  const cost = (minutes: number, vcpu: number, gb: number) =>
    ((runs * minutes) / 60) * (vcpu * vcpuHour + gb * gbHour) * spot;
  const always = resources.some(
    ({ Type, Properties }) =>
      Type === 'AWS::ApplicationAutoScaling::ScalableTarget' && Number(Properties?.['MinCapacity']) > 0,
  );
  return [
    line(
      'fetcher',
      cost(perRun.fetchMinutes, 1, 2),
      `${perRun.fetchMinutes} minutes a run, 1 vCPU and 2 GB of ${architecture}, Spot at half the price`,
    ),
    line('resampler', cost(resampleMinutes, 1, 2), `${resampleMinutes.toFixed(1)} minutes a run, the same`),
    line(
      'dispatcher',
      cost(perRun.dispatcherMinutes, 0.25, 0.5),
      `${perRun.dispatcherMinutes} minutes a run, 0.25 vCPU and 0.5 GB`,
    ),
    ...(always
      ? [
          line(
            'TRAP: awake database',
            0.5 * prices.hoursAMonth * prices.aurora.acuHour,
            'the dispatcher never stops, and holds it awake',
          ),
        ]
      : []),
  ];
}

function watchingLines(resources: readonly Resource[], share: number): CostLine[] {
  const { cloudWatch } = prices;
  const of = (type: string) => resources.filter(({ Type }) => Type === `AWS::${type}`);
  const alarmMetrics = of('CloudWatch::Alarm').reduce((sum, { Properties }) => {
    const metrics = (Properties?.['Metrics'] ?? [{ MetricStat: {} }]) as { MetricStat?: object }[];
    return sum + metrics.filter(({ MetricStat }) => MetricStat).length;
  }, 0);
  const metrics = of('Logs::MetricFilter').length;
  const gb = 0.05 + 0.2 * share;
  return [
    line(
      'alarms',
      alarmMetrics * cloudWatch.alarmMetricMonth,
      `${alarmMetrics} metrics in ${of('CloudWatch::Alarm').length} alarms`,
    ),
    line(
      'dashboard',
      of('CloudWatch::Dashboard').length * cloudWatch.dashboardMonth,
      'although the first three of an account are free',
    ),
    line('metrics', metrics * cloudWatch.metricMonth, `${metrics} of our own, as if written every hour`),
    line(
      'logs',
      gb * (cloudWatch.logGb + cloudWatch.logGbMonth),
      `${gb.toFixed(2)} GB written, and kept for a month`,
    ),
  ];
}

/** What costs by the hour although nothing happens. */
function trapLines(resources: readonly Resource[]): CostLine[] {
  const hours = prices.hoursAMonth;
  return resources.flatMap(({ Type, Properties }) => {
    if (Type === 'AWS::EC2::NatGateway') {
      return [
        line('TRAP: NAT gateway', hours * prices.natGatewayHour, 'by the hour, without what goes through'),
      ];
    }
    if (Type === 'AWS::EC2::VPCEndpoint' && Properties?.['VpcEndpointType'] === 'Interface') {
      const zones = ((Properties['SubnetIds'] as unknown[] | undefined) ?? [0]).length;
      return [
        line(
          'TRAP: interface endpoint',
          zones * hours * prices.interfaceEndpointZoneHour,
          `in ${zones} zones`,
        ),
      ];
    }
    if (Type === 'AWS::EC2::EIP')
      return [line('TRAP: public address', hours * prices.publicIpv4Hour, 'held all month')];
    return [];
  });
}

function secretsIn(resources: readonly Resource[]): number {
  return resources.filter(
    ({ Type, Properties }) =>
      Type === 'AWS::SecretsManager::Secret' || Properties?.['ManageMasterUserPassword'] === true,
  ).length;
}

function daysAWeek({ Properties }: Resource): number {
  const days = String(Properties?.['ScheduleExpression']).split(' ')[4] ?? '*';
  if (days === '*') return 7;
  const names = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
  const [from = '', to] = days.split('-');
  if (to === undefined) return days.split(',').length;
  return ((names.indexOf(to) - names.indexOf(from) + 7) % 7) + 1;
}

function line(name: string, usd: number, assumption: string): CostLine {
  return { name, usd: cents(usd), assumption };
}

function cents(usd: number): number {
  return Math.round(100 * usd) / 100;
}
