/**
 * Roles of a deployment, so that each program can do what its own statements do and nothing else. None has a password:
 * on RDS they sign in with IAM tokens. Who runs this owns nothing afterwards; `migrator` owns all tables.
 */
import type { ClientBase } from 'pg';

export type Role = 'migrator' | 'fetcher' | 'dispatcher' | 'resampler' | 'reader';

export type RoleOptions = {
  /** Begins the names of the roles, which are shared by all databases of a server. */
  readonly prefix?: string;
};

export class ForeignTablesError extends Error {
  override name = 'ForeignTablesError';
  constructor(owner: string, migrator: string) {
    super(
      `The tables belong to ${owner}, not to ${migrator}: run \`reassign owned by ${owner} to ${migrator}\` in this database as a user who may, and migrate again`,
    );
  }
}

const programs = ['fetcher', 'dispatcher', 'resampler', 'reader'] as const satisfies readonly Role[];

/** By role and table of ops what its statements need; `for update` and `lock table` need `update`. */
const ops: Readonly<Record<(typeof programs)[number], Readonly<Record<string, string>>>> = {
  fetcher: {
    change: 'select, insert',
    interval: 'select',
    invalidation: 'select, insert',
    migration: 'select',
    outbox: 'select, insert, update',
    quarantine: 'select, insert, update',
    split: 'select, insert, update',
    symbol: 'select, insert, update',
    trading_day: 'select, insert, update',
  },
  dispatcher: {
    change: 'select, insert',
    consumed: 'select, insert, delete',
    interval: 'select',
    invalidation: 'select, insert',
    job: 'select, insert, update',
    migration: 'select',
    outbox: 'select, insert, update, delete',
    symbol: 'select, update',
  },
  resampler: {
    change: 'select',
    interval: 'select',
    invalidation: 'select, insert, delete',
    job: 'select, update',
    migration: 'select',
    outbox: 'select, insert, update',
    run: 'select, insert',
    setting: 'select',
    split: 'select',
    symbol: 'select, update',
  },
  reader: {},
};

/**
 * Makes the roles that are missing, and lets `migrator` make tables and whoever runs this act as it. Safe to repeat.
 * @throws {ForeignTablesError} if another role owns the tables.
 */
export async function createRoles(client: ClientBase, { prefix = '' }: RoleOptions = {}): Promise<void> {
  const { rows } = await client.query<{ owner: string }>(
    `select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = 'ops'`,
  );
  const [migrator, owner] = [`${prefix}migrator`, rows[0]?.owner];
  if (owner !== undefined && owner !== migrator) throw new ForeignTablesError(owner, migrator);
  const { rows: there } = await client.query<{ rolname: string }>('select rolname from pg_roles');
  const known = new Set(there.map(({ rolname }) => rolname));
  const names = [migrator, ...programs.map((program) => prefix + program)];
  for (const name of names) {
    if (!known.has(name)) await client.query(`create role ${quoted(name)} login`);
    if (known.has('rds_iam')) await client.query(`grant rds_iam to ${quoted(name)}`);
  }
  await client.query(`grant ${quoted(migrator)} to current_user`);
  const { rows: databases } = await client.query<{ name: string }>('select current_database() as name');
  await client.query(
    `grant create on database ${quoted(databases[0]?.name ?? '')} to ${quoted(migrator)};
     grant create, usage on schema public to ${quoted(migrator)}`,
  );
}

/** Lets each role do what it has to, and takes back everything else. Runs as `migrator`, after the migrations; safe to repeat. */
export async function grantTables(client: ClientBase, { prefix = '' }: RoleOptions = {}): Promise<void> {
  const role = (program: (typeof programs)[number]) => quoted(prefix + program);
  const all = programs.map(role).join(', ');
  const { rows } = await client.query<{ silver: string }>(
    `select string_agg(format('public.silver_%sd', days), ', ') as silver from ops.interval`,
  );
  const silver = rows[0]?.silver ?? '';
  // Sent as one, it is one transaction.
  await client.query(
    [
      `revoke all on all tables in schema public, ops from ${all}`,
      `revoke all on all sequences in schema ops from ${all}`,
      `grant usage on schema ops, public to ${all}`,
      ...programs.flatMap((program) =>
        Object.entries(ops[program]).map(
          ([table, rights]) => `grant ${rights} on ops.${table} to ${role(program)}`,
        ),
      ),
      `grant select, insert, update, delete on public.raw_ohlcv to ${role('fetcher')}`,
      `grant select on public.raw_ohlcv to ${role('dispatcher')}, ${role('resampler')}`,
      `grant select, insert, update, delete on ${silver} to ${role('resampler')}`,
      `grant usage on sequence ops.silver_sequence to ${role('resampler')}`,
      `grant select on all tables in schema public, ops to ${role('reader')}`,
      // Of an interval that is added before the next deployment.
      `alter default privileges in schema public grant select, insert, update, delete on tables to ${role('resampler')}`,
      `alter default privileges in schema public grant select on tables to ${role('reader')}`,
    ].join(';\n'),
  );
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
