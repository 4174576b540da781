import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export type ProcessIdentity = { readonly pid: number; readonly started: string };

/** When the process of a pid started, as a text that no later process with that pid has; undefined if there is none. */
export function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in parentheses may hold blanks; state is field 3, the start in ticks since boot field 22 (proc(5)).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z') return undefined;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
    }
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started === '' ? undefined : started;
  } catch {
    return undefined;
  }
}

/** Sends a signal to the process group that the pid leads. Says whether there was one. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends a process that an earlier run left behind, if the pid is still that process: SIGTERM, then SIGKILL. */
export async function endOrphan(orphan: ProcessIdentity, graceMs: number): Promise<void> {
  const lives = () => startOf(orphan.pid) === orphan.started;
  if (!lives()) return;
  signalGroup(orphan.pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (lives() && Date.now() < deadline) await sleep(50);
  while (lives()) {
    signalGroup(orphan.pid, 'SIGKILL');
    await sleep(50);
  }
}
