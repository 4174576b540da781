import { rm } from 'node:fs/promises';
import { type App, type Stack, Validations } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { afterAll } from 'vitest';
import { createApp } from '../../infra/synthesise.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** As `createApp`; the folder that it writes templates to ends with the test file. */
export function createTestApp(options: Parameters<typeof createApp>[0]): ReturnType<typeof createApp> {
  const created = createApp(options);
  folders.push(created.app.outdir);
  return created;
}

export type Resource = {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
};

/** By logical id; of all types, unless one is named. */
export function resourcesOf(template: Template, type?: string): [string, Resource][] {
  const { Resources } = template.toJSON() as { Resources: Record<string, Resource> };
  return Object.entries(Resources).filter(([, { Type }]) => type === undefined || Type === type);
}

/** What AwsSolutions finds and nobody has acknowledged. */
export function findingsOf(app: App): string[] {
  const { violations } = new AwsSolutionsChecks().validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
  );
}

export type Suppression = { readonly id: string; readonly reason: string };

/** What was acknowledged of AwsSolutions anywhere in the stack. */
export function suppressionsOf(stack: Stack): Suppression[] {
  return stack.node.findAll().flatMap((construct: IConstruct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .filter(([id]) => id.includes('AwsSolutions-'))
      .map(([id, reason]) => ({ id, reason })),
  );
}
