/** Runs the embedded PostgreSQL in the folder named by its first argument until stdin ends; says where on stdout. */
import { startPostgres } from '../../../services/local/postgres/start-postgres.ts';

// As the command line does: Ctrl-C is told to the program, which then ends in its own order.
process.on('SIGINT', () => {});
const postgres = await startPostgres({ directory: process.argv[2] ?? '', settings: { fsync: 'off' } });
process.stdout.write(`${JSON.stringify({ pid: process.pid, url: postgres.url })}\n`);
for await (const _ of process.stdin);
await postgres.stop();
