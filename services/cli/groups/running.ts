import { relative } from 'node:path';
import { connect } from '../../local/pipeline/local-database.ts';
import { createAwsClients } from '../../shared/aws-clients.ts';
import { UsageError } from '../../shared/exit-code.ts';
import { parseIntervals, parsePort } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { cloudInit } from '../commands/cloud-init.ts';
import { showDashboard } from '../commands/dashboard.ts';
import { demo } from '../commands/demo.ts';
import { migrate } from '../commands/migrate.ts';
import { migrateWithRoles } from '../commands/migrate-with-roles.ts';
import { up } from '../commands/up.ts';
import { readSettings } from '../settings.ts';

type UpOptions = {
  port?: number;
  dashboard: boolean;
  dashboardPort?: number;
  dashboardHost: string;
  open?: boolean;
};
type DashboardOptions = { host: string; port?: number; open?: boolean };

const aboutDashboard = `
Whoever reaches the web page reads all of it, without a password. Where others than this machine reach it, it only shows.`;

/** Commands that run the pipeline, or make what it runs on. */
export function addRunningCommands(context: CommandContext): void {
  const { command, withPipeline, env, output, signal, logger, exit } = context;

  command('demo', 'run the whole pipeline over the real sample bars, to the end').action(() =>
    withPipeline('demo', undefined, (pipeline, settings) => {
      const place = `${relative(process.cwd(), settings.dataFolder) || '.'}/`;
      return demo({ pipeline, output, logger: logger(settings, 'demo'), signal, place });
    }),
  );

  command('up', 'run the whole pipeline on this machine, until Ctrl-C')
    .option('--port <port>', 'of the local cloud; a free one by default', parsePort)
    .option('--no-dashboard', 'without the web page that shows it')
    .option('--dashboard-port <port>', 'of the web page; a free one by default', parsePort)
    .option('--dashboard-host <host>', 'to show it on; this machine alone by default', '127.0.0.1')
    .option('--open', 'open the web page in the browser')
    .addHelpText('after', aboutDashboard)
    .action(async (options: UpOptions) => {
      const { dashboardHost: host, dashboardPort: port, open = false } = options;
      if (!options.dashboard && (open || port !== undefined)) {
        throw new UsageError(`--no-dashboard leaves out what ${open ? '--open' : '--dashboard-port'} is for`);
      }
      await withPipeline('up', options.port, (pipeline, settings) => {
        const dashboard = options.dashboard ? { host, port, open } : undefined;
        return up({ pipeline, output, logger: logger(settings, 'up'), signal, dashboard });
      });
    });

  command('dashboard', 'show a pipeline that runs elsewhere as a web page, until Ctrl-C')
    .option('--port <port>', 'of the web page; a free one by default', parsePort)
    .option('--host <host>', 'to show it on; this machine alone by default', '127.0.0.1')
    .option('--open', 'open it in the browser')
    .addHelpText(
      'after',
      `
It shows the database of DATABASE_URL, which it only reads: the role \`reader\` of a deployment is enough. Without DATABASE_URL it shows
the data folder. Queues are not to be seen from here, and nothing can be set off. While no page is open it asks the database nothing.
${aboutDashboard}`,
    )
    .action(async ({ host, port, open = false }: DashboardOptions) => {
      const settings = readSettings(env);
      const deps = { settings, output, logger: logger(settings, 'dashboard'), signal };
      exit(await showDashboard(deps, { host, port, open }));
    });

  command('migrate', 'bring the database to the version of this program')
    .option('--roles', 'with DATABASE_URL: make the roles of a deployment too, and give them their rights')
    .option(
      '--intervals <days>',
      'with --roles: add those that have no table yet, as 3,5,8,55',
      parseIntervals,
    )
    .action(async ({ roles = false, intervals = [] }: { roles?: boolean; intervals?: number[] }) => {
      const settings = readSettings(env);
      const { databaseUrl } = settings;
      if (intervals.length > 0 && !roles) throw new UsageError('--intervals is for --roles');
      if (databaseUrl === undefined) {
        if (roles) throw new UsageError('--roles needs DATABASE_URL, of a user who may create roles');
        await withPipeline('migrate', undefined, ({ db }) => migrate(db, output));
        return;
      }
      if (roles) {
        exit(await migrateWithRoles({ databaseUrl, output }, intervals));
        return;
      }
      const db = connect(databaseUrl, 'migrate', { keepTrying: () => !signal.aborted });
      try {
        exit(await migrate(db, output));
      } finally {
        await db.close();
      }
    });

  command('cloud-init', 'create queues, rules and the job queue at AWS_ENDPOINT_URL').action(async () => {
    const { aws } = readSettings(env);
    if (!aws?.endpoint) {
      throw new UsageError(
        'cloud-init needs AWS_ENDPOINT_URL, the endpoint of an AWS emulator; AWS itself is deployed by infra/',
      );
    }
    const clients = createAwsClients(aws);
    try {
      exit(await cloudInit(clients, aws.endpoint, output));
    } finally {
      clients.destroy();
    }
  });
}
