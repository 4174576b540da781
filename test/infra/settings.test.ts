import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { checkSettings, SettingsError } from '../../infra/check-settings.ts';
import { type Settings, settings } from '../../infra/settings.ts';
import { synthesise } from '../../infra/synthesise.ts';
import rdsRoots from '../../services/shared/rds-roots.json' with { type: 'json' };
import { createTestApp, resourcesOf } from './template.ts';

const { schedule, retention, sizes, massive } = settings;
const [first] = schedule as [(typeof schedule)[number]];

test.each<[string, Partial<Settings>]>([
  ['environment is "Production!"', { environment: 'Production!' }],
  ['region is "moon-1"', { region: 'moon-1' }],
  ['intervals[1] is 1.5', { intervals: [3, 1.5] }],
  ['intervals is [3,3]', { intervals: [3, 3] }],
  ['lookbackDays is 0', { lookbackDays: 0 }],
  ['schedule is []', { schedule: [] }],
  ['schedule is ["evening","evening"]', { schedule: [first, first] }],
  ['schedule[0].name is "At night"', { schedule: [{ ...first, name: 'At night' }] }],
  ['schedule[0].time is "24:15"', { schedule: [{ ...first, time: '24:15' }] }],
  ['schedule[0].weekDays is "weekdays"', { schedule: [{ ...first, weekDays: 'weekdays' }] }],
  ['symbols[1] is "BRK A"', { symbols: ['AAPL', 'BRK A'] }],
  ['symbols is ["AAPL","AAPL"]', { symbols: ['AAPL', 'AAPL'] }],
  ['symbols is "0 symbols"', { symbols: [] }],
  ['symbols is "3000 symbols"', { symbols: Array.from({ length: 3_000 }, (_, at) => `S${at}AAA`) }],
  ['retention.archiveDays is 0', { retention: { ...retention, archiveDays: 0 } }],
  ['retention.logDays is 31', { retention: { ...retention, logDays: 31 } }],
  ['retention.backupDays is 36', { retention: { ...retention, backupDays: 36 } }],
  ['architecture is "RISC"', { architecture: 'RISC' as 'ARM64' }],
  ['sizes.fetch is {"vcpu":1,"memoryMiB":512}', { sizes: { ...sizes, fetch: { vcpu: 1, memoryMiB: 512 } } }],
  ['sizes.maxVcpus is 0', { sizes: { ...sizes, maxVcpus: 0 } }],
  ['sizes.database.minAcu is 0.3', { sizes: { ...sizes, database: { minAcu: 0.3, maxAcu: 4 } } }],
  ['sizes.database.maxAcu is 0.5', { sizes: { ...sizes, database: { minAcu: 0, maxAcu: 0.5 } } }],
  ['massive.keyParameter is "key"', { massive: { ...massive, keyParameter: 'key' } }],
  [
    'massive.flatFiles.secretAccessKeyParameter is ""',
    { massive: { ...massive, flatFiles: { accessKeyIdParameter: '/id', secretAccessKeyParameter: '' } } },
  ],
  ['massive.callsPerMinute is null', { massive: { ...massive, callsPerMinute: Number.NaN } }],
  ['alarmAddress is "me"', { alarmAddress: 'me' }],
  ['budgetUsd is 0', { budgetUsd: 0 }],
])('%s: refused before anything is synthesised, with what it takes', (found, wrong) => {
  const synthesising = () => synthesise({ ...settings, ...wrong });
  expect(synthesising).toThrow(SettingsError);
  expect(synthesising).toThrow(`infra/settings.ts: ${found}: it takes `);
});

test('every region that is taken has certificate authorities of RDS', () => {
  const known = Object.keys(rdsRoots);
  for (const region of known) expect(checkSettings({ ...settings, region })).toHaveProperty('region', region);
  expect(() => checkSettings({ ...settings, region: '' })).toThrow(known.join(', '));
});

test('the environment names the stack and tags what is in it', () => {
  const { stack } = createTestApp({ settings: { ...settings, environment: 'staging' } });
  expect(stack.stackName).toBe('fibonacci-bars-staging');
  const [[, { Properties }] = expect.fail('no bus')] = resourcesOf(
    Template.fromStack(stack),
    'AWS::Events::EventBus',
  );
  expect(Properties['Tags']).toContainEqual({ Key: 'environment', Value: 'staging' });
});

test('sizes, retention, architecture and times arrive in the template', () => {
  const template = Template.fromStack(
    createTestApp({
      settings: {
        ...settings,
        region: 'eu-west-1',
        architecture: 'X86_64',
        intervals: [3, 55],
        lookbackDays: 30,
        symbols: ['AAPL', 'BRK.A'],
        schedule: [{ name: 'noon', time: '12:05', weekDays: 'TUE-SAT' }],
        retention: { archiveDays: 8, logDays: 7, backupDays: 14 },
        sizes: {
          resample: { vcpu: 4, memoryMiB: 8_192 },
          fetch: { vcpu: 2, memoryMiB: 4_096 },
          dispatcher: { vcpu: 0.5, memoryMiB: 1_024 },
          maxVcpus: 64,
          database: { minAcu: 0.5, maxAcu: 16 },
        },
        massive: {
          keyParameter: '/key',
          callsPerMinute: 100,
          flatFiles: { accessKeyIdParameter: '/files/id', secretAccessKeyParameter: '/files/secret' },
        },
      },
    }).stack,
  );
  const text = JSON.stringify(template.toJSON());
  for (const part of [
    '"CpuArchitecture":"X86_64"',
    '3,55',
    '{"Name":"FIBONACCI_LOOKBACK_DAYS","Value":"30"}',
    '{"Name":"FIBBARS_SYMBOLS","Value":"AAPL,BRK.A"}',
    'cron(5 12 ? * TUE-SAT *)',
    '"RetentionDays":8',
    '"RetentionInDays":7',
    '"BackupRetentionPeriod":14',
    '{"Type":"VCPU","Value":"4"}',
    '{"Type":"MEMORY","Value":"4096"}',
    '"Cpu":"512"',
    '"MaxvCpus":64',
    '{"MaxCapacity":16,"MinCapacity":0.5}',
    ':parameter/key',
    ':parameter/files/id',
    ':parameter/files/secret',
    '"Name":"MASSIVE_S3_ACCESS_KEY_ID"',
    '"Name":"MASSIVE_S3_SECRET_ACCESS_KEY"',
    '{"Name":"MASSIVE_CALLS_PER_MINUTE","Value":"100"}',
    'eu-west-1',
  ]) {
    expect(text).toContain(part);
  }
  expect(text.includes('us-east-1')).toBe(false);
});
