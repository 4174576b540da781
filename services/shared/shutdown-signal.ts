const names = ['SIGTERM', 'SIGINT'] as const;

/** npm hands its child the Ctrl-C that the terminal has sent it already; nobody asks a second time so soon. */
const sameRequestMs = 1_000;

/** Aborts on the first SIGTERM or SIGINT; a second one, a second later or more, ends the process as if nobody listened. */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const listen = (name: NodeJS.Signals) => {
    const now = performance.now();
    if (firstMs === undefined) {
      firstMs = now;
      controller.abort(new Error(`stopped by ${name}`));
    } else if (now - firstMs >= sameRequestMs) {
      for (const each of names) process.off(each, listen);
      process.kill(process.pid, name);
    }
  };
  for (const name of names) process.on(name, listen);
  return controller.signal;
}
