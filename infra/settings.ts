import { topology } from './topology.ts';

/** What a deployment may choose. `checkSettings` refuses what is wrong before anything is synthesised. */
export type Settings = {
  /** Names the stack and tags everything in it. One account holds one environment: the rest is named as in the topology. */
  readonly environment: string;
  readonly region: string;
  /** Trading days in a bar. One without a table gets it at the next deployment; no table is ever dropped. */
  readonly intervals: readonly number[];
  /** How far back a night looks for gaps and splits, in calendar days. */
  readonly lookbackDays: number;
  /** When to fetch, by the clocks of New York. */
  readonly schedule: readonly FetchTime[];
  /** What the schedule takes in, as the exchange spells it; null: the whole market. An operator's commands have a choice of their own. */
  readonly symbols: readonly string[] | null;
  readonly retention: {
    /** Of events, for replays from the archive. */
    readonly archiveDays: number;
    readonly logDays: number;
    /** How far back the database can be restored to any second. */
    readonly backupDays: number;
  };
  /** Of the tasks. ARM64 is the cheaper one; X86_64 for regions whose Fargate Spot lacks it. */
  readonly architecture: 'ARM64' | 'X86_64';
  readonly sizes: {
    readonly resample: TaskSize;
    readonly fetch: TaskSize;
    readonly dispatcher: TaskSize;
    /** Of all jobs at once. */
    readonly maxVcpus: number;
    /** In Aurora's capacity units of 2 GiB. From 0 it pauses when nobody is connected; anything above is paid for all month. */
    readonly database: { readonly minAcu: number; readonly maxAcu: number };
  };
  readonly massive: {
    /** Name of the SecureString in the Parameter Store that holds the key. */
    readonly keyParameter: string;
    /** What the plan allows. */
    readonly callsPerMinute: number;
    /**
     * Names of the two SecureStrings that hold the keys of the flat files, for an operator's `backfill --path s3://…`; null: the plan
     * has none.
     */
    readonly flatFiles: {
      readonly accessKeyIdParameter: string;
      readonly secretAccessKeyParameter: string;
    } | null;
  };
  /** An e-mail address; null: alarms are seen in the console alone. */
  readonly alarmAddress: string | null;
  /** In USD a month, of the whole account. */
  readonly budgetUsd: number;
};

export type FetchTime = {
  readonly name: string;
  /** HH:MM. */
  readonly time: string;
  /** As cron has them: MON-FRI, TUE-SAT, `*` for every day. */
  readonly weekDays: string;
};

export type TaskSize = { readonly vcpu: number; readonly memoryMiB: number };

const { resample, fetch, computeEnvironment } = topology.batch;

export const settings: Settings = {
  environment: 'production',
  region: 'us-east-1',
  intervals: [3, 5, 8, 13, 21, 34],
  lookbackDays: 300,
  schedule: [
    // A quarter of an hour after the close; on a day without a session it asks only for what is missing.
    { name: 'evening', time: '16:15', weekDays: 'MON-FRI' },
    // For plans that publish after midnight. Every day, since each run also reports, and 30 hours without a report are an alarm.
    { name: 'morning', time: '06:30', weekDays: '*' },
    // When a session is due: asks once more for what is missing, and reports what still is, which is an alarm.
    { name: 'due', time: '07:30', weekDays: 'TUE-SAT' },
  ],
  symbols: null,
  retention: { archiveDays: topology.archive.retentionDays, logDays: 30, backupDays: 7 },
  architecture: 'ARM64',
  sizes: {
    resample: { vcpu: resample.vcpu, memoryMiB: resample.memoryMiB },
    fetch: { vcpu: fetch.vcpu, memoryMiB: fetch.memoryMiB },
    dispatcher: { vcpu: 0.25, memoryMiB: 512 },
    maxVcpus: computeEnvironment.maxVcpus,
    database: { minAcu: 0, maxAcu: 4 },
  },
  massive: { keyParameter: '/fibonacci-bars/massive-api-key', callsPerMinute: 5, flatFiles: null },
  alarmAddress: null,
  budgetUsd: 10,
};
