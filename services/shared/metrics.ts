/** Metrics that CloudWatch takes out of log lines, so that no program calls it and no agent runs beside one. */

/** Where CloudWatch keeps them. They have no dimensions: an account holds one pipeline. */
export const metricNamespace = 'FibonacciBars';

/** What is measured, by name, with its unit as CloudWatch names it. Alarms and dashboard take the names from here. */
export const metrics = {
  /** Of a night: from the first question to the last commit. */
  fetchDuration: 'Milliseconds',
  /** Daily bars that a night inserted or corrected. */
  barsWritten: 'Count',
  /** Sessions that are due and were not delivered; see `overdueSessions`. */
  sessionsMissing: 'Count',
  /** Invalidations that no job has worked in for hours; see `countOverdue`. */
  pendingInvalidations: 'Count',
  /** Of one process of a resampling job. */
  jobDuration: 'Milliseconds',
  /** Rows of silver that such a process changed. */
  rowsChanged: 'Count',
  /** USD of a task at the price of Fargate Spot, and at that of the same task without interruptions. */
  spotCost: 'None',
  onDemandCost: 'None',
} as const;

export type MetricName = keyof typeof metrics;
export type Measured = Partial<Record<MetricName, number>>;

/**
 * The fields that make a log line carry the values as metrics: the embedded metric format, as "Specification: Embedded metric
 * format" of the CloudWatch User Guide has it. A line in it reaches CloudWatch through any log driver; the header that older
 * versions asked for is needed no more ("Using the PutLogEvents API to send manually-created embedded metric format logs").
 */
export function embedded(values: Measured, at: Date): Record<string, unknown> {
  const names = (Object.keys(values) as MetricName[]).filter((name) => values[name] !== undefined);
  return {
    ...values,
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          // One set of none.
          Dimensions: [[]],
          Metrics: names.map((name) => ({ Name: name, Unit: metrics[name] })),
        },
      ],
    },
  };
}
