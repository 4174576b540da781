import { prices } from '../prices.ts';
import { metricNamespace } from '../stack/deployment.ts';
import type { Resource } from '../synthesise.ts';
import { type CostLine, line, type Month, ofType } from './lines.ts';

export function watchingLines(resources: readonly Resource[], { share }: Month): CostLine[] {
  const { cloudWatch } = prices;
  const alarms = ofType(resources, 'CloudWatch::Alarm');
  const alarmMetrics = alarms.reduce((sum, { Properties }) => {
    const parts = (Properties?.['Metrics'] ?? [{ MetricStat: {} }]) as { MetricStat?: object }[];
    return sum + parts.filter(({ MetricStat }) => MetricStat).length;
  }, 0);
  const own = ownMetrics(resources);
  const gb = ofType(resources, 'Logs::LogGroup').length === 0 ? 0 : 0.05 + 0.2 * share;
  return [
    line(
      'alarms',
      alarmMetrics * cloudWatch.alarmMetricMonth,
      `${alarmMetrics} metrics in ${alarms.length} alarms, although ten of an account are free`,
    ),
    line(
      'dashboard',
      ofType(resources, 'CloudWatch::Dashboard').length * cloudWatch.dashboardMonth,
      'although the first three of an account are free',
    ),
    line(
      'metrics',
      own * cloudWatch.metricMonth,
      `${own} of our own, as if written every hour, although ten are free`,
    ),
    line(
      'logs',
      gb * (cloudWatch.logGb + cloudWatch.logGbMonth),
      `${gb.toFixed(2)} GB written, and kept for a month`,
    ),
  ];
}

/** How many of the programs' own metrics the dashboard shows: all that there are. */
function ownMetrics(resources: readonly Resource[]): number {
  // A dashboard is JSON within JSON.
  const text = JSON.stringify(resources).replaceAll('\\', '');
  const pattern = new RegExp(`\\["${metricNamespace}","(\\w+)"`, 'g');
  return new Set([...text.matchAll(pattern)].map(([, name]) => name)).size;
}
