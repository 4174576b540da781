import { X509Certificate } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { connectionOptions } from '../../../services/shared/connection-options.ts';
import rdsRoots from '../../../services/shared/rds-roots.json' with { type: 'json' };

const host = 'bars.cluster-abc.eu-west-1.rds.amazonaws.com';

afterEach(() => vi.unstubAllEnvs());

test('a connection string without our parameters is left as it is', () => {
  for (const connectionString of ['postgres://a:b@localhost:5433/c?sslmode=require', '/var/run db', '']) {
    expect(connectionOptions(connectionString)).toEqual({ connectionString });
  }
});

test("tls=rds verifies by the region's own authorities and keeps the password", () => {
  expect(connectionOptions(`postgres://owner:p%40ss@${host}:6432/fib%20bars?tls=rds`)).toEqual({
    host,
    port: 6432,
    user: 'owner',
    password: 'p@ss',
    database: 'fib bars',
    ssl: { ca: rdsRoots['eu-west-1'] },
  });
  // Without one the driver takes PGPASSWORD.
  expect(connectionOptions(`postgres://owner@${host}/bars?tls=rds`)).not.toHaveProperty('password');
});

test('auth=iam signs a token for the host, port, user and region, each time anew', async () => {
  let signed = 0;
  const signToken = vi.fn<(request: object) => Promise<string>>(() => Promise.resolve(`token ${++signed}`));
  const options = connectionOptions(`postgres://fetcher:ignored@${host}/bars?auth=iam`, {
    signToken,
    roots: { 'eu-west-1': ['root'] },
  });
  expect(options).toMatchObject({ host, port: 5432, user: 'fetcher', ssl: { ca: ['root'] } });
  const password = options.password as () => Promise<string>;
  expect([await password(), await password()]).toEqual(['token 1', 'token 2']);
  expect(signToken).toHaveBeenCalledWith({
    hostname: host,
    port: 5432,
    username: 'fetcher',
    region: 'eu-west-1',
  });
});

test('the token is signed on this machine, with what credentials it has', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
  const { password } = connectionOptions(`postgres://reader@${host}/bars?auth=iam`);
  const token = new URL(`https://${await (password as () => Promise<string>)()}`);
  expect(token.host).toBe(`${host}:5432`);
  expect(Object.fromEntries(token.searchParams)).toMatchObject({
    Action: 'connect',
    DBUser: 'reader',
    'X-Amz-Expires': '900',
    'X-Amz-Credential': expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/rds-db\/aws4_request$/),
  });
});

test.each([
  ['postgres://a@localhost/b?tls=rds', 'localhost'],
  [`postgres://a@evil.example.com/${host}?auth=iam`, 'evil.example.com'],
  ['postgres://a@db.moon-1.rds.amazonaws.com/b?auth=iam', 'us-east-1'],
  [`postgres://a@${host}/b?tls=off`, 'tls=off'],
  [`postgres://a@${host}/b?auth=iam&sslmode=disable`, 'sslmode=disable'],
])('%s is refused, and the error says why', (connectionString, why) => {
  expect(() => connectionOptions(connectionString)).toThrow(why);
});

test('the authorities are three roots a region, each signed by itself', () => {
  expect(Object.keys(rdsRoots).length).toBeGreaterThan(25);
  for (const [region, roots] of Object.entries(rdsRoots)) {
    const names = roots.map((pem) => {
      const certificate = new X509Certificate(pem);
      expect(certificate.ca && certificate.verify(certificate.publicKey)).toBe(true);
      return /CN=(.*)/.exec(certificate.subject)?.[1];
    });
    expect(names).toEqual(
      ['ECC384', 'RSA2048', 'RSA4096'].map((key) => `Amazon RDS ${region} Root CA ${key} G1`),
    );
  }
});
