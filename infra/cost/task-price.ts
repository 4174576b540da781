import { prices } from '../prices.ts';
import type { Settings, TaskSize } from '../settings.ts';

/** USD of an hour of a task of that size, on Spot and on demand. */
export function taskPrice(
  { vcpu, memoryMiB }: TaskSize,
  architecture: Settings['architecture'],
): { readonly spotHour: number; readonly onDemandHour: number } {
  const { vcpuHour, gbHour } = prices.fargate[architecture];
  const onDemandHour = vcpu * vcpuHour + (memoryMiB / 1_024) * gbHour;
  return { spotHour: onDemandHour * (1 - prices.fargate.spotDiscount), onDemandHour };
}
