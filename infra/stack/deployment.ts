import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/** The container image of all tasks, and the repository that they pull it from. */
export type Image = { readonly uri: string; readonly repositoryArn: string };

/** What every part of the stack is built with. */
export type Deployment = {
  readonly scope: Construct;
  readonly settings: Settings;
  readonly image: Image;
};

export const clusterName = 'fibonacci-bars';

/** Of the metrics that the programs embed in their log lines; services/shared/metrics.ts has their names. */
export const metricNamespace = 'FibonacciBars';
