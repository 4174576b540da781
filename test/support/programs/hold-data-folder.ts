/** Takes the data folder named by its first argument, says so on stdout, and keeps it until stdin ends. */
import { openDataFolder } from '../../../services/local/data-folder.ts';

const folder = await openDataFolder(process.argv[2] ?? '', { command: 'up' });
await folder.publish({ databaseUrl: 'postgres://somewhere' });
process.stdout.write(`${JSON.stringify({ pid: process.pid })}\n`);
for await (const _ of process.stdin);
await folder.release();
