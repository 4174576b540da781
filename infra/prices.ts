/**
 * On-demand prices of us-east-1 in USD, each from the page of AWS that `sources` names: looked up on `asOf`, in copies of those pages and in
 * quotations of them that were some months old. Nothing of the free tier is taken off.
 */
export const prices = {
  asOf: '2026-11-26',
  region: 'us-east-1',
  hoursAMonth: 730,
  fargate: {
    ARM64: { vcpuHour: 0.03238, gbHour: 0.00356 },
    X86_64: { vcpuHour: 0.04048, gbHour: 0.004445 },
    /** It varies slowly between 50 and 70 %. */
    spotDiscount: 0.5,
  },
  aurora: { acuHour: 0.12, gbMonth: 0.1, millionIo: 0.2, backupGbMonth: 0.021 },
  publicIpv4: { hour: 0.005 },
  natGateway: { hour: 0.045 },
  interfaceEndpoint: { zoneHour: 0.01 },
  secrets: { month: 0.4 },
  cloudWatch: { alarmMetricMonth: 0.1, dashboardMonth: 3, metricMonth: 0.3, logGb: 0.5, logGbMonth: 0.03 },
  sqs: { millionRequests: 0.4 },
  eventBridge: { millionEvents: 1, archiveGb: 0.1, archiveGbMonth: 0.023 },
  images: { gbMonth: 0.1 },
} as const;

type Group = Exclude<keyof typeof prices, 'asOf' | 'region' | 'hoursAMonth'>;

export const sources: Readonly<Record<Group, string>> = {
  fargate: 'https://aws.amazon.com/fargate/pricing/',
  aurora: 'https://aws.amazon.com/rds/aurora/pricing/',
  publicIpv4: 'https://aws.amazon.com/vpc/pricing/',
  natGateway: 'https://aws.amazon.com/vpc/pricing/',
  interfaceEndpoint: 'https://aws.amazon.com/privatelink/pricing/',
  secrets: 'https://aws.amazon.com/secrets-manager/pricing/',
  cloudWatch: 'https://aws.amazon.com/cloudwatch/pricing/',
  sqs: 'https://aws.amazon.com/sqs/pricing/',
  eventBridge: 'https://aws.amazon.com/eventbridge/pricing/',
  images: 'https://aws.amazon.com/ecr/pricing/',
};
