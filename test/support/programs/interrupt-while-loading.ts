/** Loaded before a program by --import: interrupts it while it still loads its own files. */
import { registerHooks } from 'node:module';

let sent = false;
registerHooks({
  load(url, context, nextLoad) {
    if (!sent && url.endsWith('/services/cli/program.ts')) {
      sent = true;
      process.kill(process.pid, 'SIGINT');
    }
    return nextLoad(url, context);
  },
});
