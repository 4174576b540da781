import type { Settings, TaskSize } from './settings.ts';

export class SettingsError extends Error {
  override name = 'SettingsError';
  constructor(setting: string, found: unknown, takes: string) {
    super(`infra/settings.ts: ${setting} is ${JSON.stringify(found)}: it takes ${takes}`);
  }
}

/**
 * Returns the settings if each of them can be deployed.
 * @throws {SettingsError} naming the first that cannot, what it is and what it takes.
 */
export function checkSettings(settings: Settings): Settings {
  const { schedule, retention, sizes, massive, alarmAddress } = settings;
  const require = (right: boolean, setting: string, found: unknown, takes: string) => {
    if (!right) throw new SettingsError(setting, found, takes);
  };
  const whole = (setting: string, found: number, least: number, most: number) =>
    require(Number.isInteger(found) &&
      found >= least &&
      found <= most, setting, found, `a whole number from ${least} to ${most}`);
  const text = (setting: string, found: string, pattern: RegExp, takes: string) =>
    require(typeof found === 'string' && pattern.test(found), setting, found, takes);

  text(
    'environment',
    settings.environment,
    /^[a-z][a-z0-9-]{0,19}$/,
    'up to 20 of a-z, 0-9 and -, from a letter on',
  );
  require(regions.includes(settings.region), 'region', settings.region, `one of ${regions.join(', ')}`);
  for (const [at, days] of settings.intervals.entries()) whole(`intervals[${at}]`, days, 2, 1_000);
  require(new Set(settings.intervals).size ===
    settings.intervals.length, 'intervals', settings.intervals, 'each number once');
  whole('lookbackDays', settings.lookbackDays, 1, 36_600);
  require(schedule.length > 0, 'schedule', schedule, 'one time or more');
  for (const [at, { name, time, weekDays }] of schedule.entries()) {
    text(
      `schedule[${at}].name`,
      name,
      /^[a-z][a-z0-9-]{0,29}$/,
      'up to 30 of a-z, 0-9 and -, from a letter on',
    );
    text(`schedule[${at}].time`, time, /^([01]\d|2[0-3]):[0-5]\d$/, 'a time in New York as HH:MM');
    text(`schedule[${at}].weekDays`, weekDays, weekDaysPattern, 'days as MON-FRI, MON,THU or *');
  }
  const names = schedule.map(({ name }) => name);
  require(new Set(names).size === names.length, 'schedule', names, 'each name once');
  if (settings.symbols !== null) checkSymbols(settings.symbols, require);
  whole('retention.archiveDays', retention.archiveDays, 1, 3_650);
  require(logDays.includes(
    retention.logDays,
  ), 'retention.logDays', retention.logDays, `one of ${logDays.join(', ')}`);
  whole('retention.backupDays', retention.backupDays, 1, 35);
  require(['ARM64', 'X86_64'].includes(
    settings.architecture,
  ), 'architecture', settings.architecture, 'ARM64 or X86_64');
  for (const task of ['resample', 'fetch', 'dispatcher'] as const) {
    require(isFargateSize(sizes[task]), `sizes.${task}`, sizes[task], sizesInWords);
  }
  whole('sizes.maxVcpus', sizes.maxVcpus, Math.max(sizes.resample.vcpu, sizes.fetch.vcpu, 1), 10_000);
  const { minAcu, maxAcu } = sizes.database;
  const halves = (acu: number) => Number.isInteger(acu * 2);
  require(halves(minAcu) &&
    minAcu >= 0 &&
    minAcu <= 256, 'sizes.database.minAcu', minAcu, 'units from 0 to 256 in halves');
  require(halves(maxAcu) &&
    maxAcu >= Math.max(1, minAcu) &&
    maxAcu <= 256, 'sizes.database.maxAcu', maxAcu, 'units from minAcu, and 1 at least, to 256 in halves');
  const parameters = {
    keyParameter: massive.keyParameter,
    ...(massive.flatFiles !== null && {
      'flatFiles.accessKeyIdParameter': massive.flatFiles.accessKeyIdParameter,
      'flatFiles.secretAccessKeyParameter': massive.flatFiles.secretAccessKeyParameter,
    }),
  };
  for (const [name, parameter] of Object.entries(parameters)) {
    text(`massive.${name}`, parameter, /^(\/[\w.-]+){1,15}$/, 'a name as /fibonacci-bars/massive-api-key');
  }
  whole('massive.callsPerMinute', massive.callsPerMinute, 1, 1_000_000);
  if (alarmAddress !== null)
    text('alarmAddress', alarmAddress, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address, or null');
  require(settings.budgetUsd > 0, 'budgetUsd', settings.budgetUsd, 'an amount above 0');
  return settings;
}

/** A job definition may have 24 KiB, and this much of it is theirs. */
const symbolsBytes = 16_384;

function checkSymbols(
  symbols: readonly string[],
  require: (right: boolean, setting: string, found: unknown, takes: string) => void,
): void {
  for (const [at, symbol] of symbols.entries()) {
    const right = typeof symbol === 'string' && /^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/.test(symbol);
    require(right, `symbols[${at}]`, symbol, 'a symbol such as AAPL or BRK.A');
  }
  require(new Set(symbols).size === symbols.length, 'symbols', symbols, 'each symbol once');
  const { length } = symbols.join(',');
  require(length > 0 &&
    length <=
      symbolsBytes, 'symbols', `${symbols.length} symbols`, `from one symbol up to ${symbolsBytes} letters, or null`);
}

/** Those whose certificate authorities the services know; see services/shared/rds-roots.json. */
const regions = [
  'af-south-1',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ca-central-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'me-central-1',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

const weekDay = '(MON|TUE|WED|THU|FRI|SAT|SUN)';
const weekDaysPattern = new RegExp(`^(\\*|${weekDay}-${weekDay}|${weekDay}(,${weekDay})*)$`);

/** What CloudWatch Logs takes, as far as one would choose. */
const logDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

/** GiB by vCPUs: the first, the last and the step, "Task CPU and memory" of the guide to Fargate. */
const fargateMemory: ReadonlyMap<number, readonly [least: number, most: number, step: number]> = new Map([
  [0.25, [0.5, 2, 0.5]],
  [0.5, [1, 4, 1]],
  [1, [2, 8, 1]],
  [2, [4, 16, 1]],
  [4, [8, 30, 1]],
  [8, [16, 60, 4]],
  [16, [32, 120, 8]],
]);

const sizesInWords = `a size of Fargate: ${[...fargateMemory]
  .map(([vcpu, [least, most]]) => `${vcpu} vCPU with ${1_024 * least} to ${1_024 * most} MiB`)
  .join(', ')}`;

function isFargateSize({ vcpu, memoryMiB }: TaskSize): boolean {
  const memory = fargateMemory.get(vcpu);
  if (memory === undefined) return false;
  const [least, most, step] = memory;
  const gib = memoryMiB / 1_024;
  // Of a quarter vCPU 1.5 GiB is not among them.
  return gib >= least && gib <= most && Number.isInteger((gib - least) / step) && gib !== 1.5;
}
