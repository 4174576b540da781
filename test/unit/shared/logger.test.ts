import { expect, test } from 'vitest';
import { createLoggerTo } from '../../../services/shared/logger.ts';
import { metricNamespace } from '../../../services/shared/metrics.ts';

function logged(embedMetrics: boolean) {
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line) };
  const logger = createLoggerTo(stream, 'fetcher', { level: 'info', embedMetrics });
  logger.info({ days: 2, metrics: { sessionsMissing: 1, fetchDuration: 1_500 } }, 'night taken in');
  logger.child({ jobId: 'job' }).info({ days: 3 }, 'nothing measured');
  return lines;
}

test('on AWS a line carries its metrics in the embedded metric format, beside what it says', () => {
  const before = Date.now();
  const [line = ''] = logged(true);
  // One JSON object and nothing around it, or CloudWatch takes no metrics out of it.
  expect(line).toMatch(/^\{.*\}\n$/);
  const document = JSON.parse(line) as { _aws: { Timestamp: number } };
  expect(document).toEqual({
    level: 30,
    time: expect.any(String),
    service: 'fetcher',
    msg: 'night taken in',
    days: 2,
    sessionsMissing: 1,
    fetchDuration: 1_500,
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [[]],
          Metrics: [
            { Name: 'sessionsMissing', Unit: 'Count' },
            { Name: 'fetchDuration', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
  });
  expect(document._aws.Timestamp).toBeGreaterThanOrEqual(before);
  expect(document._aws.Timestamp).toBeLessThanOrEqual(Date.now());
});

test('a line without metrics stays as it is', () => {
  const [, line = ''] = logged(true);
  expect(JSON.parse(line)).toEqual({
    level: 30,
    time: expect.any(String),
    service: 'fetcher',
    jobId: 'job',
    msg: 'nothing measured',
    days: 3,
  });
});

test('where nobody collects them, lines have no metrics', () => {
  const [line = ''] = logged(false);
  expect(JSON.parse(line)).toEqual({
    level: 30,
    time: expect.any(String),
    service: 'fetcher',
    msg: 'night taken in',
    days: 2,
  });
});
