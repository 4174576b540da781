import { describe, expect, test } from 'vitest';
import { rulePattern } from '../../../infra/rule-pattern.ts';
import { topology } from '../../../infra/topology.ts';
import { compileEventPattern } from '../../../services/local/cloud/event-bridge/event-pattern.ts';

/** The event of the service's documentation. */
const ec2Event = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: ['arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0'],
  detail: {
    'instance-id': 'i-1234567890abcdef0',
    state: 'terminated',
    'c-count': 5,
    'd-count': 3,
    'x-limit': 301.8,
    'source-ip': '10.0.0.33',
    reason: null,
    ready: true,
    empty: '',
    none: [],
    items: [
      { kind: 'disk', size: 10 },
      { kind: 'net', size: 20 },
    ],
  },
};

const matches = (pattern: unknown, event: unknown = ec2Event) =>
  compileEventPattern(JSON.stringify(pattern))(event);

const silverUpdated = (interval: number, completedSymbols: string[]) => ({
  source: 'fibonacci-bars',
  'detail-type': 'SilverUpdated',
  detail: { metadata: {}, data: { interval, completedSymbols, symbols: ['AAPL', 'SPX'] } },
});

const jobStateChange = (status: string, jobQueue: string, arrayProperties?: object) => ({
  source: 'aws.batch',
  'detail-type': 'Batch Job State Change',
  detail: { jobQueue, status, ...(arrayProperties && { arrayProperties }) },
});

describe('matches as the documentation says', () => {
  test.each<[string, unknown, boolean]>([
    [
      'three fields, all of which must hold',
      {
        source: ['aws.ec2'],
        'detail-type': ['EC2 Instance State-change Notification'],
        detail: { state: ['terminated'] },
      },
      true,
    ],
    ['one of three fields differs', { source: ['aws.ec2'], detail: { state: ['running'] } }, false],
    ['any of several values', { detail: { state: ['running', 'terminated'] } }, true],
    ['values are case-sensitive', { detail: { state: ['Terminated'] } }, false],
    ['an array in the event by any element', { resources: ['other', ec2Event.resources[0]] }, true],
    ['an array in the event without a common element', { resources: ['other'] }, false],
    ['prefix of a string', { time: [{ prefix: '2017-12-22' }] }, true],
    ['another prefix', { time: [{ prefix: '2018' }] }, false],
    ['the prefix of everything', { source: [{ prefix: '' }] }, true],
    ['prefix of a number', { detail: { 'c-count': [{ prefix: '5' }] } }, false],
    ['anything but a string', { detail: { state: [{ 'anything-but': 'initializing' }] } }, true],
    ['anything but that string', { detail: { state: [{ 'anything-but': 'terminated' }] } }, false],
    ['anything but a number', { detail: { 'x-limit': [{ 'anything-but': 123 }] } }, true],
    ['anything but a list', { detail: { state: [{ 'anything-but': ['stopped', 'overloaded'] }] } }, true],
    [
      'anything but a list with it',
      { detail: { state: [{ 'anything-but': ['stopped', 'terminated'] }] } },
      false,
    ],
    ['anything but numbers', { detail: { 'x-limit': [{ 'anything-but': [100, 200, 301.8] }] } }, false],
    ['anything but a prefix', { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } }, true],
    ['anything but its prefix', { detail: { state: [{ 'anything-but': { prefix: 'term' } }] } }, false],
    [
      'anything but several prefixes',
      { detail: { state: [{ 'anything-but': { prefix: ['a', 't'] } }] } },
      false,
    ],
    ['anything-but of a field that is not there', { detail: { absent: [{ 'anything-but': 'x' }] } }, false],
    ['numeric range', { detail: { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] } }, true],
    ['numeric upper bound', { detail: { 'd-count': [{ numeric: ['<', 10] }] } }, true],
    ['numeric equality', { detail: { 'x-limit': [{ numeric: ['=', 3.018e2] }] } }, true],
    ['numeric range that excludes', { detail: { 'c-count': [{ numeric: ['>', 5] }] } }, false],
    ['numeric of a string', { detail: { state: [{ numeric: ['>', 0] }] } }, false],
    ['exists', { detail: { state: [{ exists: true }] } }, true],
    ['exists when null', { detail: { reason: [{ exists: true }] } }, true],
    ['exists when absent', { detail: { 'c-cpu': [{ exists: true }] } }, false],
    ['exists only looks at leaves', { detail: [{ exists: true }] }, false],
    ['exists of an empty array', { detail: { none: [{ exists: true }] } }, false],
    ['does not exist', { detail: { 'c-cpu': [{ exists: false }] } }, true],
    ['does not exist below what does not exist', { detail: { a: { b: [{ exists: false }] } } }, true],
    ['does not exist but does', { detail: { state: [{ exists: false }] } }, false],
    ['absent, or a value', { detail: { state: [{ exists: false }, 'terminated'] } }, true],
    ['null', { detail: { reason: [null] } }, true],
    ['null is not the empty string', { detail: { empty: [null] } }, false],
    ['the empty string', { detail: { empty: [''] } }, true],
    ['a boolean', { detail: { ready: [true] } }, true],
    ['a boolean is not its text', { detail: { ready: ['true'] } }, false],
    ['a number is not its text', { detail: { 'c-count': ['5'] } }, false],
    ['two fields in one element of an array', { detail: { items: { kind: ['net'], size: [20] } } }, true],
    ['two fields in different elements', { detail: { items: { kind: ['net'], size: [10] } } }, false],
  ])('%s', (_name, pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });
});

describe('refuses, naming what it does not know', () => {
  test.each<[unknown, string]>([
    [{ source: [{ suffix: '.png' }] }, 'suffix'],
    [{ source: [{ wildcard: '*.png' }] }, 'wildcard'],
    [{ source: [{ cidr: '10.0.0.0/24' }] }, 'cidr'],
    [{ source: [{ 'equals-ignore-case': 'a' }] }, 'equals-ignore-case'],
    [{ source: [{ prefix: { 'equals-ignore-case': 'a' } }] }, 'prefix equals-ignore-case'],
    [{ source: [{ 'anything-but': { suffix: 'x' } }] }, 'anything-but suffix'],
    [{ detail: { $or: [{ a: [1] }, { b: [2] }] } }, '$or'],
    [{ source: 'aws.ec2' }, '"source" must be an object or an array'],
    [{ source: [] }, 'Empty arrays'],
    [{ detail: {} }, 'Empty objects'],
    [{}, 'Empty objects'],
    [[], 'not an object'],
    [{ source: [['a']] }, 'array inside'],
    [{ source: [{ prefix: 'a', exists: true }] }, 'exactly one operator'],
    [{ source: [{ 'anything-but': ['a', 1] }] }, 'only strings or only numbers'],
    [{ source: [{ 'anything-but': null }] }, 'only strings or only numbers'],
    [{ source: [{ exists: 'yes' }] }, 'true or false'],
    [{ source: [{ numeric: ['>', 5, '<', 1] }] }, 'n < m'],
    [{ source: [{ numeric: ['<', 1, '>', 5] }] }, 'lower and/or an upper'],
    [{ source: [{ numeric: ['>', 6e9] }] }, '5000000000'],
    [{ source: [{ numeric: ['~', 1] }] }, 'numeric'],
  ])('%j', (pattern, named) => {
    expect(() => compileEventPattern(JSON.stringify(pattern))).toThrow(named);
  });

  test('text that is no JSON', () => {
    expect(() => compileEventPattern('{source')).toThrow('no JSON');
  });
});

test("the example subscriber's rule hears completed AAPL 21-day bars and nothing else", () => {
  const rule = topology.rules.find((each) => each.name === 'silver-updated-example');
  const pattern = rulePattern(rule ?? topology.rules[1], { jobQueueArn: 'arn' });
  expect(matches(pattern, silverUpdated(21, ['SPX', 'AAPL']))).toBe(true);
  expect(matches(pattern, silverUpdated(21, ['SPX']))).toBe(false);
  expect(matches(pattern, silverUpdated(21, []))).toBe(false);
  expect(matches(pattern, silverUpdated(34, ['AAPL']))).toBe(false);
});

test('the job rule hears the end of jobs of its queue, and of an array job the parent only', () => {
  const jobQueueArn = 'arn:aws:batch:us-east-1:000000000000:job-queue/fibonacci-bars';
  const pattern = rulePattern(topology.rules[2], { jobQueueArn });
  expect(matches(pattern, jobStateChange('FAILED', jobQueueArn))).toBe(true);
  expect(matches(pattern, jobStateChange('SUCCEEDED', jobQueueArn, { size: 4, statusSummary: {} }))).toBe(
    true,
  );
  expect(matches(pattern, jobStateChange('SUCCEEDED', jobQueueArn, { index: 0 }))).toBe(false);
  expect(matches(pattern, jobStateChange('RUNNING', jobQueueArn))).toBe(false);
  expect(matches(pattern, jobStateChange('FAILED', `${jobQueueArn}-other`))).toBe(false);
});
