import { Command } from 'commander';
import { openLocalDatabase } from '../local/pipeline/local-database.ts';
import { type Pipeline, startPipeline } from '../local/pipeline/start-pipeline.ts';
import type { Database } from '../shared/database.ts';
import { createLogger, type Logger } from '../shared/logger.ts';
import type { ChangeDeps } from './commands/work-in.ts';
import type { Output } from './output.ts';
import { readSettings, type Settings } from './settings.ts';
import { atWorkplace } from './workplace.ts';

export type ProgramDeps = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly signal: AbortSignal;
};

/** What the groups of commands are made with. The functions that take work set the exit code to what it returns. */
export type CommandContext = ProgramDeps & {
  /** A command with the option that all have; below the program, or below another command. */
  readonly command: (usage: string, description: string, parent?: Command) => Command;
  readonly logger: (settings: Settings, command: string) => Logger;
  readonly exit: (code: number) => void;
  /** Lends the database alone. */
  readonly withDatabase: (name: string, work: (db: Database) => Promise<number>) => Promise<void>;
  /** Lends a pipeline on this machine. */
  readonly withPipeline: (
    name: string,
    port: number | undefined,
    work: (pipeline: Pipeline, settings: Settings) => Promise<number>,
  ) => Promise<void>;
  /** Lends the pipeline that the settings lead to, or one on this machine. */
  readonly withWorkplace: (
    name: string,
    options: { readonly needsData: boolean },
    work: (deps: ChangeDeps) => Promise<number>,
  ) => Promise<void>;
};

export function createContext(
  { env, output, signal }: ProgramDeps,
  program: Command,
  exit: (code: number) => void,
): CommandContext {
  const logger = (settings: Settings, command: string) =>
    createLogger(`fibbars ${command}`, settings.logLevel);
  return {
    env,
    output,
    signal,
    logger,
    exit,
    command: (usage, description, parent = program) =>
      parent
        .command(usage)
        .description(description)
        .option('--json', 'one JSON document on stdout')
        .exitOverride(),
    async withDatabase(name, work) {
      const settings = readSettings(env);
      const opened = await openLocalDatabase(settings, { command: name, logger: logger(settings, name) });
      try {
        exit(await work(opened.db));
      } finally {
        await opened.close();
      }
    },
    async withPipeline(name, port, work) {
      const settings = readSettings(env);
      const pipeline = await startPipeline(settings, {
        command: name,
        logger: logger(settings, name),
        port,
        maxVcpus: settings.parallelism,
        logLevel: settings.logLevel,
      });
      try {
        exit(await work(pipeline, settings));
      } finally {
        await pipeline.close();
      }
    },
    async withWorkplace(name, { needsData }, work) {
      const settings = readSettings(env);
      const deps = { settings, output, logger: logger(settings, name), signal };
      exit(await atWorkplace(deps, { command: name, needsData }, (place) => work({ place, output, signal })));
    },
  };
}
