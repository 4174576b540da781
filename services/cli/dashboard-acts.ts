import { randomUUID } from 'node:crypto';
import { topology } from '../../infra/topology.ts';
import type { ActOutcome, Acts, ActWork } from '../dashboard/acts/act-runner.ts';
import type { ActRequest } from '../dashboard/api.ts';
import type { Pipeline } from '../local/pipeline/start-pipeline.ts';
import { verify as verifySilver } from '../resampler/verify.ts';
import type { Logger } from '../shared/logger.ts';
import { untilEmpty } from './at-cloud.ts';
import { isRedriveRight, redriveSummary } from './commands/redrive.ts';
import { isReplayRight, replayIn, replayLines } from './commands/replay.ts';
import { isRight, verificationLines } from './commands/verify.ts';
import { redriveAll } from './redrive/redrive-all.ts';
import { runningWorkplace } from './workplace.ts';

/** What the dashboard of `fibbars up` may have done, by the functions that the commands call. */
export function dashboardActs(pipeline: Pipeline, logger: Logger): Acts {
  const { db, aws, names } = pipeline;
  const placeFor = (signal: AbortSignal) =>
    runningWorkplace({
      db,
      aws,
      names: { bus: names.busName, jobQueue: names.jobQueue, jobDefinition: names.jobDefinition },
      runs: () => Promise.resolve(true),
      logger,
      signal,
    });

  return {
    async replay({ from, to, symbols }: Extract<ActRequest, { kind: 'replay' }>, work: ActWork) {
      const id = randomUUID();
      const end = await replayIn(placeFor(work.signal), { id, from, to, symbols, ...work });
      return outcomeOf(replayLines(end, id), isReplayRight(end));
    },

    async redrive(_request, { signal, onProgress }: ActWork) {
      const redriven = await redriveAll(aws.sqs, {
        names: { queueUrl: names.queueUrl, deadLetterQueueUrl: names.deadLetterQueueUrl },
        dryRun: false,
        signal,
        onProgress,
      });
      if (redriven.missing.length === 0) {
        await untilEmpty(aws.sqs, topology.queues.dispatcher.name, signal);
        await placeFor(signal).settle();
      }
      const errors = redriven.fates.flatMap(({ letter, error }) =>
        error === null ? [] : [`${letter.message.MessageId}: ${error}`],
      );
      return outcomeOf([...redriveSummary(redriven, false), ...errors], isRedriveRight(redriven, false));
    },

    async verify({ symbols }: Extract<ActRequest, { kind: 'verify' }>, work: ActWork) {
      const result = await verifySilver(db, { symbols, ...work });
      return outcomeOf(verificationLines(result, 1), isRight(result));
    },
  };
}

function outcomeOf(lines: readonly string[], ok: boolean): ActOutcome {
  return { outcome: lines.join('. '), ok };
}
