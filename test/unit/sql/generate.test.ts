import { expect, it } from 'vitest';
import { renderMigrations } from '../../../sql/generate.ts';

it('inlines the text so that TypeScript reads back the same bytes', () => {
  const text = 'select `a`, \'\\d\', $${x}$$, "${y}";\n';
  const source = renderMigrations([{ name: '0001-odd-text.sql', text }]);
  const literal = /text: (`[^]*`),\n/.exec(source)?.[1] ?? '';
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- what the compiler would read
  expect(new Function(`return ${literal}`)()).toBe(text);
  expect(source).toContain("version: 1,\n    name: 'odd-text'");
});

it('refuses a gap in the numbers and a number twice', () => {
  const files = (...names: string[]) => names.map((name) => ({ name, text: '' }));
  expect(() => renderMigrations(files('0001-a.sql', '0003-b.sql'))).toThrow(
    /"0003-b.sql" is number 3, 2 is next/,
  );
  expect(() => renderMigrations(files('0001-a.sql', '0001-b.sql'))).toThrow(
    /"0001-b.sql" is number 1, 2 is next/,
  );
  expect(() => renderMigrations(files('1-a.sql'))).toThrow(/not named like 0001-tables.sql/);
});
