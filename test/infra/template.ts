import { rm } from 'node:fs/promises';
import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { afterAll, expect } from 'vitest';
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

type Properties = Record<string, unknown>;

/** What tests ask of a template, where each thing is to be found once. */
export function asking(template: Template) {
  const properties = (type: string) => resourcesOf(template, type).map(([, { Properties }]) => Properties);
  const only = (type: string): Properties => {
    const found = properties(type);
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const idOf = (type: string, of: Properties) => {
    const found = Object.keys(template.findResources(type, { Properties: Match.objectLike(of) }));
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const queueId = (QueueName: string) => idOf('AWS::SQS::Queue', { QueueName });
  return { properties, only, idOf, queueId };
}

export const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
