import type { Goal, Measured } from './measure.ts';

/** The figures as a table in Markdown, one line a measurement. */
export function tableOf(measured: readonly Measured[]): string[] {
  const head = ['work', 'market', 'took', 'floor', 'takes', 'ratio', 'goal', 'rounds'];
  const lines = measured.map((each) => [
    each.work,
    `${count(each.market.symbols)} × ${count(each.market.days)}`,
    valueOf(each.workValue, each.unit),
    each.floor,
    valueOf(each.floorValue, each.unit),
    ratioOf(each),
    goalOf(each.goal),
    String(each.rounds),
  ]);
  const widths = head.map((title, column) =>
    Math.max(...[title, ...lines.map((line) => line[column] ?? '')].map((text) => text.length)),
  );
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)];
}

/** One measurement in one line, as it comes. */
export function lineOf(each: Measured): string {
  const goal = goalOf(each.goal);
  return `${ratioOf(each).padStart(14)}  ${each.work}: ${valueOf(each.workValue, each.unit)}; ${each.floor}: ${valueOf(each.floorValue, each.unit)}${goal && `; goal ${goal}`}`;
}

function ratioOf({ ratio, shows, workValue, floorValue, unit }: Measured): string {
  if (shows === 'difference') return `+ ${valueOf(workValue - floorValue, unit)}`;
  return shows === 'times faster' ? `${(1 / ratio).toFixed(2)} × faster` : `${ratio.toFixed(2)} ×`;
}

function goalOf(goal: Goal): string {
  if (goal === null) return '';
  return 'faster' in goal ? `≥ ${goal.faster} × faster` : `≤ ${goal.atMost} ×`;
}

function valueOf(value: number, unit: Measured['unit']): string {
  if (unit === '×') return `${value.toFixed(2)} ×`;
  return `${value < 100 ? value.toFixed(1) : count(Math.round(value))} ${unit}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
