/** The command that deploys, as far as it goes without an account, a network and Docker. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
let output: string;

beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), 'fibbars-synth-'));
});
afterAll(() => rm(output, { recursive: true, force: true }));

test('`cdk synth` ends without a finding, and the image is built from the bundled programs', async () => {
  const nobody = 'http://127.0.0.1:1';
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules/aws-cdk/bin/cdk'), 'synth', '--quiet', '--output', output],
    {
      cwd: root,
      env: {
        PATH: dirname(process.execPath),
        HOME: output,
        AWS_EC2_METADATA_DISABLED: 'true',
        HTTP_PROXY: nobody,
        HTTPS_PROXY: nobody,
        CI: 'true',
      },
    },
  );
  expect(stdout).not.toMatch(/AwsSolutions|error/i);
  const read = async (file: string) => JSON.parse(await readFile(join(output, file), 'utf8')) as Assembly;
  const { artifacts = {} } = await read('manifest.json');
  expect(Object.keys(artifacts)).toContain('fibonacci-bars-production');
  const { dockerImages = {} } = await read('fibonacci-bars-production.assets.json');
  const [image] = Object.values(dockerImages);
  expect(image?.source).toMatchObject({ platform: 'linux/arm64' });
  const folder = join(output, image?.source.directory ?? '');
  expect((await readdir(folder)).toSorted()).toEqual(['Dockerfile', 'bin']);
  expect((await readdir(join(folder, 'bin'))).toSorted()).toEqual([
    'dispatcher',
    'fetcher',
    'fibbars',
    'resampler',
    'subscriber',
  ]);
});

type Assembly = {
  artifacts?: Record<string, unknown>;
  dockerImages?: Record<string, { source: { directory: string } }>;
};

test('the image has the Node that the tests run on, is not run as root, and runs nothing while it is built', async () => {
  const text = await readFile(join(root, 'infra/Dockerfile'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines[0]).toBe(`FROM node:${packageJson.dependencies.node}-slim`);
  expect(lines).toContain('USER node');
  expect(lines.some((line) => line.startsWith('RUN'))).toBe(false);
  // As a volume it is writable for the user of the image; as a mount alone it would be for root.
  expect(lines).toContain('VOLUME ["/tmp"]');
});
