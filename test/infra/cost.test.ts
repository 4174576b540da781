import { expect, test } from 'vitest';
import { estimate } from '../../infra/cost/estimate.ts';
import { settings } from '../../infra/settings.ts';
import { type Resource, synthesise } from '../../infra/synthesise.ts';

const template = synthesise();
const withResource = (Type: string, Properties: Resource['Properties'] = {}) => ({
  Resources: { ...template.Resources, Trap: { Type, Properties } },
});
const extra = (changed: typeof template) =>
  estimate(changed, 500).totalUsd - estimate(template, 500).totalUsd;

test('500 symbols cost less than 15 USD, every line says why, and the lines add up', () => {
  const { totalUsd, symbols, lines } = estimate(template, 500);
  expect(symbols).toBe(500);
  expect(totalUsd).toBeLessThan(15);
  expect(lines.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(totalUsd, 2);
  for (const { usd, assumption } of lines) {
    expect(usd).toBeGreaterThanOrEqual(0);
    expect(assumption).toMatch(/\w{3,}/);
  }
  expect(lines.filter(({ name }) => name.startsWith('TRAP'))).toEqual([]);
  expect(estimate(template, 11_000).totalUsd).toBeGreaterThan(totalUsd);
});

test.each<[string, string, Resource['Properties'], number]>([
  ['a NAT gateway', 'AWS::EC2::NatGateway', {}, 32.85],
  [
    'an endpoint in two zones',
    'AWS::EC2::VPCEndpoint',
    { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] },
    14.6,
  ],
  ['an address', 'AWS::EC2::EIP', {}, 3.65],
  ['a secret', 'AWS::SecretsManager::Secret', {}, 0.4],
  ['a service that never stops', 'AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1 }, 43.8],
])('%s shows up', (_, type, properties, usd) => {
  expect(extra(withResource(type, properties))).toBeCloseTo(usd, 2);
});

test('a database that never pauses shows up', () => {
  const { sizes } = settings;
  const awake = synthesise({ ...settings, sizes: { ...sizes, database: { minAcu: 0.5, maxAcu: 4 } } });
  expect(estimate(awake, 500).lines).toContainEqual(
    expect.objectContaining({ name: 'TRAP: awake database', usd: 43.8 }),
  );
});
