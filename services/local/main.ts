import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { topology } from '../../infra/topology.ts';
import { createLogger } from '../shared/logger.ts';
import { startLocalCloud } from './cloud/start-local-cloud.ts';

// The local cloud as a process of its own: node services/local/main.ts --port 4599 --directory DIR
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    directory: { type: 'string' },
    'max-vcpus': { type: 'string', default: '2' },
  },
});
if (!values.directory || !/^\d+$/.test(values.port)) {
  process.stderr.write('usage: node services/local/main.ts --directory DIR [--port PORT] [--max-vcpus N]\n');
  process.exitCode = 2;
} else {
  const program = (service: string) => fileURLToPath(new URL(`../${service}/main.ts`, import.meta.url));
  const cloud = await startLocalCloud({
    directory: values.directory,
    port: Number(values.port),
    maxVcpus: Number(values['max-vcpus']),
    commands: {
      resampler: [process.execPath, program('resampler')],
      fetcher: [process.execPath, program('fetcher')],
    },
    // Jobs find the database and the names as this process was given them.
    jobEnvironment: () => ({
      FIBBARS_BUS: topology.bus,
      ...Object.fromEntries(
        Object.entries(process.env).flatMap(([name, value]) =>
          /^(DATABASE_URL|LOG_LEVEL|FIBBARS_.*)$/.test(name) && value !== undefined ? [[name, value]] : [],
        ),
      ),
    }),
    logger: createLogger('local-cloud', process.env['LOG_LEVEL']),
  });
  process.stdout.write(`${cloud.endpoint}\n`);
  const stop = () => {
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop);
    void cloud.close();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}
