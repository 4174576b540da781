import { rmSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { settings as chosen, type Settings } from './settings.ts';
import { createStack, type StackOptions } from './stack.ts';

export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
};
export type Resource = { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> };

/** Where the image would be: for a template that is looked at and not deployed, without bundle and Docker. */
const namedImage: StackOptions['image'] = (scope) => ({
  uri: 'fibonacci-bars:named',
  repositoryArn: Stack.of(scope).formatArn({
    service: 'ecr',
    resource: 'repository',
    resourceName: 'fibonacci-bars',
  }),
});

export function createApp({
  settings,
  image = namedImage,
}: {
  settings: Settings;
  image?: StackOptions['image'];
}): {
  app: App;
  stack: Stack;
} {
  const app = new App({
    analyticsReporting: false,
    context: {
      // Plain text where the partition is known, and statements of a policy that say the same as one.
      '@aws-cdk/core:target-partitions': ['aws'],
      '@aws-cdk/core:enablePartitionLiterals': true,
      '@aws-cdk/aws-iam:minimizePolicies': true,
    },
  });
  try {
    return { app, stack: createStack(app, { settings, image }) };
  } catch (error) {
    // It has a folder from the start, also of a stack that cannot be.
    rmSync(app.outdir, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The template of the settings.
 * @throws {SettingsError} if they cannot be deployed.
 */
export function synthesise(settings: Settings = chosen): Template {
  const { app, stack } = createApp({ settings });
  const assembly = app.synth();
  try {
    return assembly.getStackArtifact(stack.artifactId).template as Template;
  } finally {
    rmSync(assembly.directory, { recursive: true, force: true });
  }
}
