import { prices } from '../prices.ts';
import type { Resource } from '../synthesise.ts';
import { type CostLine, line } from './lines.ts';

/** What costs by the hour although nothing happens. An awake database stands with the database and the tasks. */
export function trapLines(resources: readonly Resource[]): CostLine[] {
  const hours = prices.hoursAMonth;
  const address = (why: string) => line('TRAP: public address', hours * prices.publicIpv4.hour, why);
  return resources.flatMap(({ Type, Properties }) => {
    switch (Type) {
      case 'AWS::EC2::NatGateway':
        return [
          line('TRAP: NAT gateway', hours * prices.natGateway.hour, 'by the hour, without what goes through'),
        ];
      case 'AWS::EC2::VPCEndpoint': {
        if (Properties?.['VpcEndpointType'] !== 'Interface') return [];
        const zones = ((Properties['SubnetIds'] as unknown[] | undefined) ?? [0]).length;
        const usd = zones * hours * prices.interfaceEndpoint.zoneHour;
        return [line('TRAP: interface endpoint', usd, `in ${zones} zones, without what goes through`)];
      }
      case 'AWS::EC2::EIP':
        return [address('held all month')];
      case 'AWS::RDS::DBInstance':
        return Properties?.['PubliclyAccessible'] === true ? [address('of the database')] : [];
      default:
        return [];
    }
  });
}
