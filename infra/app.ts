/** What `npx cdk` runs: bundles the programs, and synthesises the stack with the image that is built from them. */
import { Validations } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundle, bundleFolder } from './bundle.ts';
import { checkSettings } from './check-settings.ts';
import { settings } from './settings.ts';
import { createApp } from './synthesise.ts';

const { architecture } = checkSettings(settings);
await bundle(bundleFolder);
const { app } = createApp({
  settings,
  image(scope) {
    const asset = new DockerImageAsset(scope, 'Image', {
      directory: bundleFolder,
      platform: architecture === 'ARM64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
    });
    return { uri: asset.imageUri, repositoryArn: asset.repository.repositoryArn };
  },
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
