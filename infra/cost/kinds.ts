import type { Resource } from '../synthesise.ts';

/**
 * Types that cost nothing by themselves: what runs in them, goes through them or is kept in them does, and stands in a line of its own.
 */
const free: ReadonlySet<string> = new Set([
  'ApplicationAutoScaling::ScalableTarget',
  'ApplicationAutoScaling::ScalingPolicy',
  'Batch::ComputeEnvironment',
  'Batch::JobDefinition',
  'Batch::JobQueue',
  // An account's first two are free, and so are those without actions.
  'Budgets::Budget',
  'CloudFormation::CustomResource',
  'EC2::InternetGateway',
  'EC2::Route',
  'EC2::RouteTable',
  'EC2::SecurityGroup',
  'EC2::SecurityGroupEgress',
  'EC2::SecurityGroupIngress',
  'EC2::Subnet',
  'EC2::SubnetRouteTableAssociation',
  'EC2::VPC',
  'EC2::VPCGatewayAttachment',
  'ECS::Cluster',
  'ECS::Service',
  'ECS::TaskDefinition',
  'Events::Rule',
  'IAM::Role',
  // Runs for minutes at a deployment, and its image stands in the template.
  'Lambda::Function',
  'RDS::DBClusterParameterGroup',
  'RDS::DBSubnetGroup',
  // 14 million invocations a month are free, and some 70 are used.
  'Scheduler::Schedule',
  'Scheduler::ScheduleGroup',
  'SNS::Subscription',
  'SNS::Topic',
  'SNS::TopicPolicy',
  'SQS::QueuePolicy',
]);

/** Types that a line of the estimate is reckoned from. */
const priced: ReadonlySet<string> = new Set([
  'CloudWatch::Alarm',
  'CloudWatch::Dashboard',
  'EC2::EIP',
  'EC2::NatGateway',
  'Events::Archive',
  'Events::EventBus',
  'Logs::LogGroup',
  'RDS::DBCluster',
  'SecretsManager::Secret',
  'SQS::Queue',
]);

export class UnpricedResourceError extends Error {
  override name = 'UnpricedResourceError';
  constructor(kinds: readonly string[]) {
    super(
      `The template has what infra/cost/ has no price for: ${kinds.join(', ')}. Without it the sum would be too low: add a line to the estimate, or the type to those that are free in infra/cost/kinds.ts`,
    );
  }
}

/** @throws {UnpricedResourceError} naming what the estimate would leave out. */
export function assertPriced(resources: readonly Resource[]): void {
  const unknown = resources.filter((resource) => !isPriced(resource)).map(kindOf);
  if (unknown.length > 0) throw new UnpricedResourceError([...new Set(unknown)].toSorted());
}

function isPriced({ Type, Properties }: Resource): boolean {
  const type = Type.replace(/^AWS::/, '');
  // Endpoints of gateways are free, those of interfaces are priced, and there are others.
  if (type === 'EC2::VPCEndpoint')
    return ['Gateway', 'Interface', undefined].includes(endpointType(Properties));
  // Serverless is paid by the capacity of the cluster, and everything else by the hour.
  if (type === 'RDS::DBInstance') return Properties?.['DBInstanceClass'] === 'db.serverless';
  return free.has(type) || priced.has(type);
}

function endpointType(properties: Resource['Properties']): string | undefined {
  const type = properties?.['VpcEndpointType'];
  return typeof type === 'string' ? type : undefined;
}

function kindOf({ Type, Properties }: Resource): string {
  const detail = endpointType(Properties) ?? Properties?.['DBInstanceClass'];
  return typeof detail === 'string' ? `${Type} (${detail})` : Type;
}
