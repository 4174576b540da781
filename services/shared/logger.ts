import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import pretty from 'pino-pretty';
import { embedded, type Measured } from './metrics.ts';

export type Logger = PinoLogger;

export type LoggerOptions = {
  /** Whether CloudWatch collects the `metrics` of a line. Where nobody does, lines are written without them. */
  readonly embedMetrics?: boolean;
};

/**
 * Logs go to stderr, so that stdout carries only what a command was asked for.
 * JSON lines by default; readable when stderr is a terminal, and then without metrics.
 */
export function createLogger(
  service: string,
  level = 'info',
  { embedMetrics = false }: LoggerOptions = {},
): Logger {
  const stream = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, ignore: 'pid,hostname,service', translateTime: 'SYS:HH:MM:ss.l' })
    : pino.destination({ dest: 2, sync: true });
  return createLoggerTo(stream, service, { level, embedMetrics: embedMetrics && !process.stderr.isTTY });
}

/** The same, into any stream. */
export function createLoggerTo(
  stream: DestinationStream,
  service: string,
  { level, embedMetrics }: Required<LoggerOptions> & { readonly level: string },
): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        log({ metrics, ...fields }: { metrics?: Measured } & Record<string, unknown>) {
          return metrics !== undefined && embedMetrics
            ? { ...fields, ...embedded(metrics, new Date()) }
            : fields;
        },
      },
    },
    stream,
  );
}
