import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkspace, type Workspace } from '../pipeline/workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
});
afterAll(() => workspace.remove(), 60_000);

const preload = new URL('../../support/programs/interrupt-while-loading.ts', import.meta.url);

test('a Ctrl-C while the program still loads ends it in order, and nothing is begun', async () => {
  const ran = await workspace.run(['demo'], { NODE_OPTIONS: `--import=${preload.href}` });
  expect(ran).toEqual({ code: 130, stdout: '', stderr: '' });
  expect(existsSync(workspace.folder)).toBe(false);
});
