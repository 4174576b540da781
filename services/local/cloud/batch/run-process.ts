import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { type ProcessIdentity, signalGroup, startOf } from './process-identity.ts';

export type RunningProcess = {
  /** Undefined if it did not start. */
  readonly identity: ProcessIdentity | undefined;
  readonly exit: Promise<ProcessExit>;
  /** SIGTERM, and SIGKILL if it still runs after the grace. */
  stop(graceMs: number): void;
};

export type ProcessExit = { readonly exitCode?: number; readonly reason?: string };

export type ProcessSpec = {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
};

/**
 * Runs a job's process as a container would be: only its own environment, output to a log, in a group of its own so
 * that a terminal's Ctrl-C does not reach it, and nothing of it outlives its first process.
 */
export function runProcess({ command, environment, logFile }: ProcessSpec): RunningProcess {
  const [file, ...args] = command;
  let log: number;
  try {
    log = openSync(logFile, 'a');
  } catch (error) {
    const reason = `CannotStartContainerError: no log, ${(error as Error).message}`;
    return { identity: undefined, exit: Promise.resolve({ reason }), stop() {} };
  }
  const child = spawn(file, args, { detached: true, env: environment, stdio: ['ignore', log, log] });
  closeSync(log);
  const { pid } = child;
  let killTimer: NodeJS.Timeout | undefined;
  const exit = new Promise<ProcessExit>((resolve) => {
    child.once('error', (error) => resolve({ reason: `CannotStartContainerError: ${error.message}` }));
    child.once('exit', (code, signal) => {
      if (pid !== undefined) signalGroup(pid, 'SIGKILL');
      // As shells and containers report a death by signal.
      resolve({ exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0) });
    });
  });
  return {
    identity: pid === undefined ? undefined : { pid, started: startOf(pid) ?? '' },
    exit: exit.finally(() => clearTimeout(killTimer)),
    stop(graceMs) {
      if (pid === undefined || killTimer) return;
      signalGroup(pid, 'SIGTERM');
      killTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    },
  };
}
