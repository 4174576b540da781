import { atCloud } from '../at-cloud.ts';
import type { CommandContext } from '../command-context.ts';
import { redrive } from '../commands/redrive.ts';
import { readSettings } from '../settings.ts';

/** Commands that have the pipeline work again on what it had before. */
export function addRecoveringCommands(context: CommandContext): void {
  const { command, env, output, signal, logger, exit } = context;

  command('redrive', 'move dead letters back to the queue that they belong in')
    .option('--dry-run', 'show them with their reasons and ages, and move none')
    .addHelpText(
      'after',
      `
Of both kinds: messages that a consumer could not handle, and events that EventBridge could not deliver. Each is sent first and
deleted after: killed in between, it comes twice, which does no harm. What broke its contract comes back with the same reason,
unless the program that reads it is another one now.`,
    )
    .action(async ({ dryRun = false }: { dryRun?: boolean }) => {
      const settings = readSettings(env);
      const deps = { settings, output, logger: logger(settings, 'redrive'), signal };
      exit(
        await atCloud(deps, 'redrive', (cloud) =>
          redrive(
            { sqs: cloud.aws.sqs, names: settings.names, output, signal, settle: () => cloud.settle() },
            { dryRun },
          ),
        ),
      );
    });
}
