import { randomUUID } from 'node:crypto';
import { UsageError } from '../../shared/exit-code.ts';
import { parseDay, parseId, parseInstant, parseSymbols } from '../arguments.ts';
import { atCloud, type Cloud } from '../at-cloud.ts';
import type { CommandContext } from '../command-context.ts';
import { redrive } from '../commands/redrive.ts';
import { replay, replayFromArchive } from '../commands/replay.ts';
import { readSettings } from '../settings.ts';

type ReplayOptions = { from: string; to: string; symbols?: string[]; archive?: boolean; id?: string };

/** Commands that have the pipeline work again on what it had before. */
export function addRecoveringCommands(context: CommandContext): void {
  const { command, withWorkplace, env, output, signal, logger, exit } = context;

  command('redrive', 'move dead letters back to the queue that they belong in')
    .option('--dry-run', 'show them with their reasons and ages, and move none')
    .addHelpText(
      'after',
      `
Of both kinds: messages that a consumer could not handle, and events that EventBridge could not deliver. Each is sent first and
deleted after: killed in between, it comes twice, which does no harm. What broke its contract comes back with the same reason,
unless the program that reads it is another one now. After a redrive that was killed, what it had taken is seen again within two
minutes: until then it is counted as held, and the exit code is 1. Queues of your own subscribers are theirs to redrive.`,
    )
    .action(({ dryRun = false }: { dryRun?: boolean }) =>
      withCloud('redrive', (cloud) =>
        redrive(
          {
            sqs: cloud.aws.sqs,
            names: readSettings(env).names,
            output,
            signal,
            settle: () => cloud.settle(),
          },
          { dryRun },
        ),
      ),
    );

  command('replay', 'tell of trading days again, from bronze or from the archive')
    .requiredOption('--from <time>', 'first trading day; with --archive an instant')
    .requiredOption('--to <time>', 'last trading day; with --archive an instant')
    .option('--symbols <list>', 'A,B or a file with one symbol a line; all by default', parseSymbols)
    .option('--archive', "events of the bus's archive, by their time, such as 2024-03-01T00:00:00Z")
    .option('--id <id>', 'of a replay that was stopped: it goes on there', parseId)
    .addHelpText(
      'after',
      `
From bronze each trading day is one transaction and one event, in order, with pauses that leave live events their turn. Bars are
computed again and written where they differ, and subscribers hear of each with the cause "replay", changed or not. Stopped with
Ctrl-C or killed, the same command with --id goes on; without it all days are told again. With --id the symbols must be
those that it was begun with, and the days those or more.
The archive is replayed to the dispatcher alone. EventBridge takes up to 10 minutes until an event is in its archive.`,
    )
    .action(async ({ archive, ...options }: ReplayOptions) => {
      const { id = randomUUID(), symbols } = options;
      if (archive) {
        if (symbols) throw new UsageError('--symbols is for a replay from bronze, without --archive');
        const request = { id, signal, ...ordered(options, parseInstant) };
        await withCloud('replay', (cloud) => replayFromArchive(cloud, output, request));
      } else {
        const request = { id, symbols, ...ordered(options, parseDay) };
        await withWorkplace('replay', { needsData: true }, (deps) => replay(deps, request));
      }
    });

  async function withCloud(name: string, work: (cloud: Cloud) => Promise<number>): Promise<void> {
    const settings = readSettings(env);
    exit(await atCloud({ settings, output, logger: logger(settings, name), signal }, name, work));
  }
}

function ordered<T extends string | Date>(
  options: ReplayOptions,
  parse: (text: string) => T,
): { from: T; to: T } {
  const read = (name: 'from' | 'to') => {
    try {
      return parse(options[name]);
    } catch (error) {
      throw new UsageError(`--${name} is ${JSON.stringify(options[name])}. ${(error as Error).message}`);
    }
  };
  const range = { from: read('from'), to: read('to') };
  if (range.from > range.to) throw new UsageError(`--from ${options.from} is after --to ${options.to}`);
  return range;
}
