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
    ['suffix', { source: [{ suffix: 'ec2' }] }, true],
    ['another suffix', { source: [{ suffix: 'ec3' }] }, false],
    ['suffix of a number', { detail: { 'c-count': [{ suffix: '5' }] } }, false],
    ['equal but for case', { source: [{ 'equals-ignore-case': 'AWS.EC2' }] }, true],
    ['not equal, whatever the case', { source: [{ 'equals-ignore-case': 'AWS.EC' }] }, false],
    ['prefix but for case', { detail: { state: [{ prefix: { 'equals-ignore-case': 'TERM' } }] } }, true],
    [
      'another prefix, whatever the case',
      { detail: { state: [{ prefix: { 'equals-ignore-case': 'X' } }] } },
      false,
    ],
    ['suffix but for case', { detail: { state: [{ suffix: { 'equals-ignore-case': 'NATED' } }] } }, true],
    ['wildcard', { resources: [{ wildcard: 'arn:aws:ec2:*:instance/i-*' }] }, true],
    ['wildcard for nothing', { source: [{ wildcard: 'aws.*ec2*' }] }, true],
    ['wildcard that is not found', { source: [{ wildcard: 'aws.*s3' }] }, false],
    ['wildcards whose parts overlap', { source: [{ wildcard: 'aws.ec*c2' }] }, false],
    ['no wildcard in it', { source: [{ wildcard: 'aws.ec2' }] }, true],
    ['anything but a suffix', { detail: { state: [{ 'anything-but': { suffix: 'ing' } }] } }, true],
    ['anything but its suffix', { detail: { state: [{ 'anything-but': { suffix: 'ted' } }] } }, false],
    [
      'anything but several suffixes',
      { detail: { state: [{ 'anything-but': { suffix: ['a', 'ted'] } }] } },
      false,
    ],
    [
      'anything but, whatever the case',
      { detail: { state: [{ 'anything-but': { 'equals-ignore-case': ['Running', 'TERMINATED'] } }] } },
      false,
    ],
    ['anything but a wildcard', { detail: { state: [{ 'anything-but': { wildcard: '*min*' } }] } }, false],
    [
      'anything but other wildcards',
      { detail: { state: [{ 'anything-but': { wildcard: ['*/lib/*', 'x*'] } }] } },
      true,
    ],
    [
      'anything-but of text holds for a number',
      { detail: { 'c-count': [{ 'anything-but': { prefix: '5' } }] } },
      true,
    ],
    ['an address in a block', { detail: { 'source-ip': [{ cidr: '10.0.0.0/24' }] } }, true],
    ['an address outside of it', { detail: { 'source-ip': [{ cidr: '10.0.1.0/24' }] } }, false],
    ['text that is no address', { source: [{ cidr: '10.0.0.0/24' }] }, false],
    ['one of two fields', { $or: [{ source: ['aws.s3'] }, { region: ['us-west-1'] }] }, true],
    ['neither of two fields', { $or: [{ source: ['aws.s3'] }, { region: ['us-east-1'] }] }, false],
    [
      'one of two fields, and a third',
      { $or: [{ source: ['aws.ec2'] }, { region: ['x'] }], account: ['1'] },
      false,
    ],
    [
      'the or of the documentation, below detail',
      {
        detail: {
          $or: [
            { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] },
            { 'd-count': [{ numeric: ['<', 10] }] },
            { 'x-limit': [{ numeric: ['=', 3.018e2] }] },
          ],
        },
      },
      true,
    ],
    [
      'or within or',
      { $or: [{ source: ['x'] }, { region: ['us-west-1'], $or: [{ id: ['x'] }, { version: ['0'] }] }] },
      true,
    ],
    [
      'or within one element of an array',
      { detail: { items: { kind: ['net'], $or: [{ size: [10] }, { size: [11] }] } } },
      false,
    ],
  ])('%s', (_name, pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });
});

describe('the examples of the documentation on one event each', () => {
  test.each<[object, object, boolean]>([
    [{ FileName: [{ suffix: '.png' }] }, { FileName: 'a.png' }, true],
    [{ FileName: [{ 'anything-but': { suffix: '.png' } }] }, { FileName: 'a.png' }, false],
    [{ Region: [{ 'anything-but': { prefix: 'us-' } }] }, { Region: 'eu-central-1' }, true],
    [{ FilePath: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, { FilePath: 'a/lib/b' }, false],
    [{ service: [{ prefix: { 'equals-ignore-case': 'eventb' } }] }, { service: 'EventBridge' }, true],
    [{ service: [{ suffix: { 'equals-ignore-case': 'tbridge' } }] }, { service: 'EVENTBRIDGE' }, true],
    [{ EventBusArn: [{ wildcard: '*:event-bus/*' }] }, { EventBusArn: 'arn:x:event-bus/b' }, true],
    [{ LastName: [''] }, { LastName: '' }, true],
    [{ UserID: [null] }, { UserID: null }, true],
    [{ ProductName: [{ exists: true }] }, { ProductName: 'x' }, true],
    [{ ProductName: [{ exists: false }] }, {}, true],
    [{ PaymentType: ['Credit', 'Debit'] }, { PaymentType: ['Cash', 'Debit'] }, true],
    [{ Price: [{ numeric: ['>', 10, '<=', 20] }] }, { Price: 20 }, true],
    [{ Price: [{ numeric: ['>', 10, '<=', 20] }] }, { Price: 10 }, false],
    [
      { detail: { sourceIPAddress: [{ cidr: '2001:db8::/32' }] } },
      { detail: { sourceIPAddress: '2001:db8:1::5' } },
      true,
    ],
    [
      { detail: { sourceIPAddress: [{ cidr: '2001:db8::/32' }] } },
      { detail: { sourceIPAddress: '2001:db9::5' } },
      false,
    ],
    [{ path: [{ wildcard: 'a\\*b\\\\*' }] }, { path: 'a*b\\c' }, true],
    [{ path: [{ wildcard: 'a\\*b\\\\*' }] }, { path: 'axb\\c' }, false],
    [{ state: [{ 'anything-but': 'a' }] }, { state: ['a', 'b'] }, true],
    [{ state: [{ 'anything-but': ['a', 'b'] }] }, { state: ['a', 'b'] }, false],
  ])('%j of %j', (pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });
});

describe('refuses in the words of the service', () => {
  test.each<[unknown, string]>([
    [{ source: [{ suffixx: '.png' }] }, 'Unrecognized match type suffixx at "source"'],
    [{ source: [{ suffix: 1 }] }, 'suffix match pattern must be a string at "source"'],
    [{ source: [{ wildcard: 'a**' }] }, 'Consecutive wildcard characters at pos 2'],
    [{ source: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 2'],
    [{ source: [{ wildcard: ['a'] }] }, 'wildcard match pattern must be a string'],
    [{ source: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
    [{ source: [{ cidr: '10.0.0.0/a' }] }, 'mask bits must be an integer'],
    [{ source: [{ cidr: '10.0.0.0/-1' }] }, 'mask bits must not be negative'],
    [{ source: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
    [{ source: [{ cidr: '::1/128' }] }, 'IPv6 mask bits must be < 128'],
    [{ source: [{ cidr: 'host/8' }] }, 'Nonstandard IP address: host'],
    [{ source: [{ 'equals-ignore-case': ['a'] }] }, 'equals-ignore-case match pattern must be a string'],
    [{ source: [{ prefix: { suffix: 'a' } }] }, 'Unsupported prefix pattern: suffix'],
    [{ source: [{ suffix: {} }] }, 'Suffix expression name not found'],
    [{ source: [{ 'anything-but': { cidr: 'x' } }] }, 'Unsupported anything-but pattern: cidr'],
    [{ source: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
    [{ source: [{ 'anything-but': [{ prefix: 'a' }] }] }, 'start|null|boolean is not supported'],
    [{ source: [{ 'anything-but': ['a', 1] }] }, 'mixed type is not supported'],
    [{ source: [{ 'anything-but': null }] }, 'must be an array or single string/number value'],
    [{ source: [{ 'anything-but': [] }] }, 'Empty arrays are not allowed'],
    [
      { detail: { $or: [{ a: [1] }] } },
      'There must have at least 2 Objects in $or relationship. at "detail"',
    ],
    [{ $or: { a: [1] } }, 'It must be an Array followed with $or.'],
    [{ $or: [{ a: [1] }, 'b'] }, 'Only JSON object is allowed in array of $or relationship.'],
    [{ $or: [{ a: [1] }, { prefix: ['b'] }] }, 'prefix is Ruler reserved fieldName'],
    [{ $or: [{ a: [1] }, {}] }, 'Empty objects are not allowed'],
    [{ source: 'aws.ec2' }, '"source" must be an object or an array'],
    [{ source: [] }, 'Empty arrays'],
    [{ detail: {} }, 'Empty objects'],
    [{}, 'Empty objects'],
    [[], 'Filter is not an object'],
    [{ source: [['a']] }, 'Match value must be String, number, true, false, or null'],
    [{ source: [{}] }, 'Match expression name not found'],
    [{ source: [{ prefix: 'a', exists: true }] }, 'Only one key allowed in match expression'],
    [{ source: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
    [{ source: [{ numeric: '>5' }] }, 'Value of numeric must be an array.'],
    [{ source: [{ numeric: ['>', 5, '<', 1] }] }, 'Bottom must be less than top'],
    [{ source: [{ numeric: ['<', 1, '>', 5] }] }, 'Too many elements in numeric expression'],
    [{ source: [{ numeric: ['>', 1, '>', 5] }] }, 'Bad numeric range operator: >'],
    [{ source: [{ numeric: ['>', 1, '<', 5, 6] }] }, 'Too many terms in numeric range expression'],
    [{ source: [{ numeric: ['>', '1'] }] }, 'Value of > must be numeric'],
    [{ source: [{ numeric: ['=', 'x'] }] }, 'Value of equals must be numeric'],
    [{ source: [{ numeric: ['>', 6e9] }] }, '5000000000'],
    [{ source: [{ numeric: ['~', 1] }] }, 'Unrecognized numeric range operator: ~'],
  ])('%j', (pattern, words) => {
    expect(() => compileEventPattern(JSON.stringify(pattern))).toThrow(words);
  });

  test('more than 1,000 combinations of $or', () => {
    const or = (length: number) => ({
      $or: Array.from({ length }, (_, at) => ({ [`field${at}`]: ['x'] })),
    });
    expect(matches({ ...or(10), a: or(100) }, { field3: 'x', a: { field99: 'x' } })).toBe(true);
    expect(() => matches({ ...or(10), a: or(101) })).toThrow('1010 combinations');
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
