import type { Output } from './output.ts';

/** Says that what was taken in is not in silver yet, where a pipeline runs that does the rest. */
export function sayHandedOver(output: Output): void {
  output.say('The running pipeline works it into silver: `fibbars status` says what is pending');
}
