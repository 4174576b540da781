import { prices } from '../prices.ts';
import type { Resource } from '../synthesise.ts';
import { awake } from './database-lines.ts';
import { type CostLine, line, type Month, ofType } from './lines.ts';
import { taskPrice } from './task-price.ts';

/** Jobs, the dispatcher, and the public address that each task has while it runs. */
export function taskLines(resources: readonly Resource[], month: Month): CostLine[] {
  const { runs, minutes } = month;
  const architecture = JSON.stringify(resources).includes('"CpuArchitecture":"X86_64"') ? 'X86_64' : 'ARM64';
  const programs = [
    { name: 'fetcher', minutes: minutes.fetch, size: jobSize(resources, 'fetcher') },
    { name: 'resampler', minutes: minutes.resample, size: jobSize(resources, 'resampler') },
    { name: 'dispatcher', minutes: minutes.dispatcher, size: serviceSize(resources, 'dispatcher') },
  ];
  const off = `${100 * prices.fargate.spotDiscount} % off`;
  const hours = (runs * (minutes.fetch + minutes.resample + minutes.dispatcher)) / 60;
  return [
    ...programs.map(({ name, minutes: each, size }) =>
      line(
        name,
        ((runs * each) / 60) * taskPrice(size, architecture).spotHour,
        `${each.toFixed(1)} minutes a run, ${size.vcpu} vCPU and ${size.memoryMiB / 1_024} GB of ${architecture}, Spot at ${off}`,
      ),
    ),
    line(
      'public addresses',
      hours * prices.publicIpv4.hour,
      `one for each running task, ${hours.toFixed(0)} hours`,
    ),
    ...alwaysOn(resources, taskPrice(serviceSize(resources, 'dispatcher'), architecture).spotHour),
  ];
}

type Size = { readonly vcpu: number; readonly memoryMiB: number };

/** Of the job whose command begins with the program. */
function jobSize(resources: readonly Resource[], program: string): Size {
  for (const { Properties } of ofType(resources, 'Batch::JobDefinition')) {
    const { Command, ResourceRequirements = [] } = (Properties?.['ContainerProperties'] ?? {}) as {
      Command?: string[];
      ResourceRequirements?: { Type: string; Value: string }[];
    };
    const of = (type: string) => Number(ResourceRequirements.find(({ Type }) => Type === type)?.Value);
    if (Command?.[0] === program) return { vcpu: of('VCPU'), memoryMiB: of('MEMORY') };
  }
  throw new Error(`The template has no job whose command begins with ${program}`);
}

/** Of the task whose container has that name. */
function serviceSize(resources: readonly Resource[], container: string): Size {
  for (const { Properties } of ofType(resources, 'ECS::TaskDefinition')) {
    const containers = (Properties?.['ContainerDefinitions'] ?? []) as { Name: string }[];
    if (containers.some(({ Name }) => Name === container)) {
      return { vcpu: Number(Properties?.['Cpu']) / 1_024, memoryMiB: Number(Properties?.['Memory']) };
    }
  }
  throw new Error(`The template has no task with a container named ${container}`);
}

/** A task that never stops costs its own hours, its address, and the database that it holds awake. */
function alwaysOn(resources: readonly Resource[], taskHour: number): CostLine[] {
  const least = (type: string, property: string) =>
    ofType(resources, type).reduce((sum, { Properties }) => sum + Number(Properties?.[property] ?? 0), 0);
  const tasks =
    least('ApplicationAutoScaling::ScalableTarget', 'MinCapacity') + least('ECS::Service', 'DesiredCount');
  if (tasks === 0) return [];
  const hours = tasks * prices.hoursAMonth;
  return [
    line(
      'TRAP: tasks that never stop',
      hours * taskHour,
      `${tasks} of the size of the dispatcher, all month`,
    ),
    line('TRAP: public address', hours * prices.publicIpv4.hour, 'of the tasks that never stop'),
    awake(0.5, 'a task that never stops holds it awake'),
  ];
}
