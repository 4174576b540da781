import { type Logger as PinoLogger, pino } from 'pino';
import pretty from 'pino-pretty';

export type Logger = PinoLogger;

/**
 * Logs go to stderr, so that stdout carries only what a command was asked for.
 * JSON lines by default; readable when stderr is a terminal.
 */
export function createLogger(service: string, level = 'info'): Logger {
  const stream = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, ignore: 'pid,hostname,service', translateTime: 'SYS:HH:MM:ss.l' })
    : pino.destination({ dest: 2, sync: true });
  return pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}
