import type { Reporter, TestModule } from 'vitest/node';
import type { FaultFigures } from './fault-figures.ts';

/** Prints the figures of the fault matrix after a run that had any, as test/faults/README.md shows them. */
export class FaultReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const found = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => test.meta().faults ?? []),
    );
    if (found.length > 0) process.stdout.write(`\n${formatFaults(found)}\n`);
  }
}

/** One line a row, with the figures of its tests added up. */
export function formatFaults(found: readonly FaultFigures[]): string {
  const rows = [...Map.groupBy(found, ({ row }) => row)].map(([row, tests]) => [
    row,
    ...(['points', 'survived', 'rows', 'lost'] as const).map((name) =>
      tests.reduce((sum, figures) => sum + figures[name], 0).toLocaleString('en-US'),
    ),
  ]);
  const table = [['fault', 'points tried', 'faults survived', 'rows compared', 'events lost'], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  const lines = table.map(
    (line) =>
      `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
