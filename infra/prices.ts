/** On-demand prices of us-east-1 in USD, as AWS listed them on the day. Nothing of the free tier is taken off. */
export const prices = {
  asOf: '2026-11-24',
  region: 'us-east-1',
  hoursAMonth: 730,
  fargate: {
    ARM64: { vcpuHour: 0.03238, gbHour: 0.00356 },
    X86_64: { vcpuHour: 0.04048, gbHour: 0.004445 },
    /** AWS says up to 70 % less. */
    spotDiscount: 0.5,
  },
  aurora: { acuHour: 0.12, gbMonth: 0.1, millionIo: 0.2, backupGbMonth: 0.021 },
  publicIpv4Hour: 0.005,
  natGatewayHour: 0.045,
  interfaceEndpointZoneHour: 0.01,
  secretMonth: 0.4,
  cloudWatch: { alarmMetricMonth: 0.1, dashboardMonth: 3, metricMonth: 0.3, logGb: 0.5, logGbMonth: 0.03 },
  millionSqsRequests: 0.4,
  millionEvents: 1,
  imageGbMonth: 0.1,
} as const;
