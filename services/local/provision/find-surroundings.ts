import type { BatchClient } from '@aws-sdk/client-batch';
import { AwsClient } from 'aws4fetch';
import { placeholders, type Surroundings } from './surroundings.ts';

const roleName = 'fibonacci-bars';
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: ['batch.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
      Action: 'sts:AssumeRole',
    },
  ],
});

/** The endpoint's default network, and a role that is made in it; where it has none of that, placeholders. */
export async function findSurroundings(
  { batch }: { readonly batch: BatchClient },
  endpoint: string,
): Promise<Surroundings> {
  const credentials = await batch.config.credentials();
  const region = await batch.config.region();
  const ask = asker(endpoint, { ...credentials, region });
  const [vpcId] = await ask('ec2', 'DescribeVpcs', 'vpcId', filter('is-default', 'true'));
  const [subnets, securityGroupIds, role] = await Promise.all([
    vpcId ? ask('ec2', 'DescribeSubnets', 'subnetId', filter('vpc-id', vpcId)) : [],
    vpcId ? ask('ec2', 'DescribeSecurityGroups', 'groupId', filter('vpc-id', vpcId)) : [],
    ask('iam', 'CreateRole', 'Arn', { RoleName: roleName, AssumeRolePolicyDocument: trust }),
  ]);
  const known = role.length > 0 ? role : await ask('iam', 'GetRole', 'Arn', { RoleName: roleName });
  return {
    role: known[0] ?? placeholders.role,
    subnets: subnets.length > 0 ? subnets : placeholders.subnets,
    securityGroupIds:
      securityGroupIds.length > 0 ? securityGroupIds.slice(0, 1) : placeholders.securityGroupIds,
  };
}

type Service = 'ec2' | 'iam';
type Signing = ConstructorParameters<typeof AwsClient>[0];

const versions: Readonly<Record<Service, string>> = { ec2: '2016-11-15', iam: '2010-05-08' };
/** An emulator may load a service when it is first asked. */
const patienceMs = 60_000;

/** Two services of which four calls are needed are no reason for two SDK clients: they speak forms and XML. */
function asker(endpoint: string, signing: Signing) {
  const client = new AwsClient({ ...signing, retries: 0 });
  /** The values of an element in the answer; none, if the endpoint refuses or does not know the call. */
  return async (
    service: Service,
    action: string,
    element: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string[]> => {
    const response = await client
      .fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: new URLSearchParams({ Action: action, Version: versions[service], ...parameters }).toString(),
        signal: AbortSignal.timeout(patienceMs),
        aws: { service },
      })
      .catch(() => undefined);
    if (!response?.ok) return [];
    const text = await response.text();
    return [...text.matchAll(new RegExp(`<${element}>([^<]+)</${element}>`, 'g'))].map(
      ([, value = '']) => value,
    );
  };
}

function filter(name: string, value: string): Record<string, string> {
  return { 'Filter.1.Name': name, 'Filter.1.Value.1': value };
}
