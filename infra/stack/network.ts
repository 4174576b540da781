import { Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

export type Network = {
  readonly vpc: ec2.IVpc;
  /** Of all tasks: nobody reaches them, and they reach HTTPS and the database. */
  readonly tasks: ec2.SecurityGroup;
  readonly database: ec2.SecurityGroup;
  /** Where tasks run: with an address of their own, since a NAT gateway costs more than all the rest. */
  readonly taskSubnetIds: string[];
  readonly databaseSubnetIds: string[];
};

/** Public subnets for tasks, isolated ones for the database, and nothing that costs by the hour. */
export function addNetwork({ scope }: Deployment): Network {
  const here = new Construct(scope, 'Network');
  const vpc = new ec2.Vpc(here, 'Vpc', {
    ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
    // What a group of subnets for Aurora needs, and every region has.
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [
      { name: 'Tasks', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 20, mapPublicIpOnLaunch: false },
      { name: 'Database', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
    // The types of CDK are not made for exactOptionalPropertyTypes.
  }) as ec2.IVpc;
  Validations.of(vpc).acknowledge({
    id: 'AwsSolutions-VPC7',
    reason:
      'Flow logs are paid by the gigabyte. Nothing accepts a connection from outside: the tasks have no ingress, the database is in isolated subnets.',
  });
  const tasks = new ec2.SecurityGroup(here, 'TaskGroup', {
    vpc,
    description: 'Tasks: no ingress, HTTPS and the database',
    allowAllOutbound: false,
  });
  const database = new ec2.SecurityGroup(here, 'DatabaseGroup', {
    vpc,
    description: 'The database: from the tasks alone',
    allowAllOutbound: false,
  });
  tasks.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'APIs of AWS, the provider, the image');
  tasks.addEgressRule(database, ec2.Port.tcp(5432), 'PostgreSQL');
  database.addIngressRule(tasks, ec2.Port.tcp(5432), 'PostgreSQL');
  return {
    vpc,
    tasks,
    database,
    taskSubnetIds: vpc.publicSubnets.map(({ subnetId }) => subnetId),
    databaseSubnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
  };
}
