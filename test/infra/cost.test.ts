import { expect, test } from 'vitest';
import { estimate } from '../../infra/cost/estimate.ts';
import { UnpricedResourceError } from '../../infra/cost/kinds.ts';
import { prices, sources } from '../../infra/prices.ts';
import { settings } from '../../infra/settings.ts';
import { type Resource, synthesise } from '../../infra/synthesise.ts';
import { metrics } from '../../services/shared/metrics.ts';

const template = synthesise();
const withResource = (Type: string, Properties: Resource['Properties'] = {}) => ({
  Resources: { ...template.Resources, Trap: { Type, Properties } },
});
/** Lines that are there with the resource and not without, and by how much the sum rises. */
function added(changed: typeof template) {
  const [before, after] = [estimate(template, 500), estimate(changed, 500)];
  const known = new Set(before.lines.map(({ name }) => name));
  return {
    lines: after.lines.map(({ name }) => name).filter((name) => !known.has(name)),
    usd: after.totalUsd - before.totalUsd,
  };
}

test('500 symbols cost less than 15 USD, every line says why, and the lines add up', () => {
  const { totalUsd, symbols, lines } = estimate(template, 500);
  expect(symbols).toBe(500);
  expect(totalUsd).toBeLessThan(15);
  expect(totalUsd).toBeGreaterThan(5);
  expect(lines.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(totalUsd, 2);
  for (const { usd, assumption } of lines) {
    expect(usd).toBeGreaterThanOrEqual(0);
    expect(assumption).toMatch(/\w{3,}/);
  }
  expect(lines.filter(({ name }) => name.startsWith('TRAP'))).toEqual([]);
  const perMetric = Object.keys(metrics).length * 0.3;
  expect(lines.find(({ name }) => name === 'metrics')?.usd).toBeCloseTo(perMetric, 2);
  expect(estimate(template, 11_000).totalUsd).toBeGreaterThan(totalUsd);
});

test.each<[string, string, Resource['Properties'], number, string[]]>([
  ['a NAT gateway', 'AWS::EC2::NatGateway', {}, 32.85, ['TRAP: NAT gateway']],
  [
    'an endpoint in two zones',
    'AWS::EC2::VPCEndpoint',
    { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] },
    14.6,
    ['TRAP: interface endpoint'],
  ],
  ['an endpoint of a gateway', 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' }, 0, []],
  ['an address', 'AWS::EC2::EIP', {}, 3.65, ['TRAP: public address']],
  [
    'a database with an address',
    'AWS::RDS::DBInstance',
    { DBInstanceClass: 'db.serverless', PubliclyAccessible: true },
    3.65,
    ['TRAP: public address'],
  ],
  ['a secret', 'AWS::SecretsManager::Secret', {}, 0.4, []],
  [
    'a service that is scaled to one task at least',
    'AWS::ApplicationAutoScaling::ScalableTarget',
    { MinCapacity: 1 },
    // The database awake, the address, and the task itself.
    43.8 + 3.65 + 3.6,
    ['TRAP: tasks that never stop', 'TRAP: public address', 'TRAP: awake database'],
  ],
  [
    'a service of a fixed number of tasks',
    'AWS::ECS::Service',
    { DesiredCount: 1 },
    43.8 + 3.65 + 3.6,
    ['TRAP: tasks that never stop', 'TRAP: public address', 'TRAP: awake database'],
  ],
])('%s shows up', (_, type, properties, usd, lines) => {
  const found = added(withResource(type, properties));
  expect(found.usd).toBeCloseTo(usd, 1);
  expect(found.lines).toEqual(lines);
});

test('a database that never pauses shows up', () => {
  const { sizes } = settings;
  const awake = synthesise({ ...settings, sizes: { ...sizes, database: { minAcu: 0.5, maxAcu: 4 } } });
  expect(estimate(awake, 500).lines).toContainEqual(
    expect.objectContaining({ name: 'TRAP: awake database', usd: 43.8 }),
  );
});

test('what the settings make larger costs more', () => {
  const { sizes, schedule } = settings;
  const usd = (changed: Partial<typeof settings>) =>
    estimate(synthesise({ ...settings, ...changed }), 500).totalUsd;
  const now = estimate(template, 500).totalUsd;
  const twice = { vcpu: 2, memoryMiB: 4_096 };
  expect(usd({ sizes: { ...sizes, fetch: twice } })).toBeGreaterThan(now);
  expect(usd({ sizes: { ...sizes, dispatcher: twice } })).toBeGreaterThan(now);
  expect(usd({ architecture: 'X86_64' })).toBeGreaterThan(now);
  expect(usd({ schedule: schedule.slice(0, 1) })).toBeLessThan(now);
});

test.each<[string, string, Resource['Properties']]>([
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', {}],
  ['AWS::RDS::DBProxy', 'AWS::RDS::DBProxy', {}],
  ['AWS::RDS::DBInstance (db.r8g.large)', 'AWS::RDS::DBInstance', { DBInstanceClass: 'db.r8g.large' }],
  [
    'AWS::EC2::VPCEndpoint (GatewayLoadBalancer)',
    'AWS::EC2::VPCEndpoint',
    { VpcEndpointType: 'GatewayLoadBalancer' },
  ],
])('%s has no price, and the estimate says so instead of leaving it out', (named, type, properties) => {
  const estimating = () => estimate(withResource(type, properties), 500);
  expect(estimating).toThrow(UnpricedResourceError);
  expect(estimating).toThrow(named);
});

test('every price is of a page of AWS', () => {
  const { asOf, region, hoursAMonth, ...groups } = prices;
  expect(Object.keys(sources).toSorted()).toEqual(Object.keys(groups).toSorted());
  for (const page of Object.values(sources))
    expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/[\w/-]+\/pricing\/$/);
  expect({ asOf, region, hoursAMonth }).toEqual({
    asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    region: 'us-east-1',
    hoursAMonth: 730,
  });
});
