import { randomUUID } from 'node:crypto';
import type { Logger } from '../../shared/logger.ts';
import type { Act, ActRequest } from '../api.ts';
import { ProblemError } from '../http/problem-error.ts';
import { actCommand } from './act-command.ts';

/** What came of an act, in one line. */
export type ActOutcome = { readonly outcome: string; readonly ok: boolean };

export type ActWork = {
  /** Aborts when the act is to stop. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
};

/** How an act is carried out: as the command of its name does. It returns soon after the signal aborts. */
export type Acts = {
  readonly [Kind in ActRequest['kind']]: (
    request: Extract<ActRequest, { kind: Kind }>,
    work: ActWork,
  ) => Promise<ActOutcome>;
};

export type ActRunnerDeps = {
  readonly acts: Acts;
  /** Takes an act whenever it has changed. */
  readonly tell: (act: Act) => void;
  readonly logger: Logger;
};

export type ActRunner = {
  /** @throws {ProblemError} 409 while another one runs. */
  start(request: ActRequest): Act;
  /**
   * Has an act stop; one that has ended stays as it is.
   * @throws {ProblemError} 404 if there is no such act.
   */
  stop(id: string): Act;
  /** The newest first. */
  list(): Act[];
  /** Stops the act that runs, and waits for it. */
  close(): Promise<void>;
};

const units = { replay: 'days', redrive: 'dead letters', verify: 'symbols' } as const;
const mostKept = 20;
/** Progress is for the eye. */
const progressEveryMs = 200;

/** Runs acts, one at a time: two would wait for each other's rows, and neither would tell how long. */
export function createActRunner({ acts, tell, logger }: ActRunnerDeps): ActRunner {
  const kept: Act[] = [];
  let running:
    | { readonly id: string; readonly stopping: AbortController; readonly ended: Promise<void> }
    | undefined;

  function change(id: string, changes: Partial<Act>): Act {
    const at = kept.findIndex((each) => each.id === id);
    const act = { ...(kept[at] as Act), ...changes };
    kept[at] = act;
    tell(act);
    return act;
  }

  async function run(act: Act, signal: AbortSignal): Promise<void> {
    let toldAtMs = -Infinity;
    const onProgress = (done: number, total: number) => {
      const now = performance.now();
      if (now - toldAtMs < progressEveryMs && done < total) return;
      toldAtMs = now;
      change(act.id, { done, total });
    };
    const ending = await carryOut(acts, act.request, { signal, onProgress }).catch((error: unknown) => {
      if (signal.aborted) return { state: 'stopped' as const, outcome: 'Stopped before the end' };
      logger.error({ err: error, act: act.request }, 'an act failed');
      return { state: 'failed' as const, outcome: error instanceof Error ? error.message : String(error) };
    });
    running = undefined;
    change(act.id, ending);
  }

  return {
    start(request) {
      const command = actCommand(request);
      if (running) {
        const other = kept.find(({ id }) => id === running?.id);
        throw new ProblemError(409, `${other?.command} still runs: wait for its end, or stop it`);
      }
      const act: Act = {
        id: randomUUID(),
        request,
        command,
        state: 'running',
        done: 0,
        total: null,
        unit: units[request.kind],
        outcome: null,
        startedAt: new Date().toISOString(),
      };
      kept.unshift(act);
      kept.length = Math.min(kept.length, mostKept);
      tell(act);
      const stopping = new AbortController();
      running = { id: act.id, stopping, ended: run(act, stopping.signal) };
      return act;
    },
    stop(id) {
      const act = kept.find((each) => each.id === id);
      if (!act) throw new ProblemError(404, `There is no act ${JSON.stringify(id)}: it was too long ago`);
      if (running?.id === id) running.stopping.abort();
      return act;
    },
    list: () => [...kept],
    async close() {
      running?.stopping.abort();
      await running?.ended;
    },
  };
}

async function carryOut(
  acts: Acts,
  request: ActRequest,
  work: ActWork,
): Promise<Pick<Act, 'state' | 'outcome'>> {
  const { outcome, ok } = await dispatch(acts, request, work);
  if (work.signal.aborted) return { state: 'stopped', outcome };
  return { state: ok ? 'done' : 'failed', outcome };
}

async function dispatch(acts: Acts, request: ActRequest, work: ActWork): Promise<ActOutcome> {
  if (request.kind === 'replay') return await acts.replay(request, work);
  if (request.kind === 'verify') return await acts.verify(request, work);
  return await acts.redrive(request, work);
}
