import type { Runtime } from './runtime-file.ts';

export class DataFolderInUseError extends Error {
  override name = 'DataFolderInUseError';
  /** Absent when the owner has not said yet who it is. */
  readonly holder: Pick<Runtime, 'pid' | 'command' | 'startedAt'> | undefined;
  constructor(folder: string, holder: Runtime | undefined) {
    super(
      holder
        ? `The data folder ${folder} is in use by \`fibbars ${holder.command}\` (pid ${holder.pid}, since ${holder.startedAt}): wait for it, stop it with Ctrl-C or \`kill ${holder.pid}\`, or choose another folder with FIBBARS_DATA_DIR`
        : `The data folder ${folder} is in use by another process that is just starting or stopping: try again, or choose another folder with FIBBARS_DATA_DIR`,
    );
    this.holder = holder && { pid: holder.pid, command: holder.command, startedAt: holder.startedAt };
  }
}

export class ForeignFolderError extends Error {
  override name = 'ForeignFolderError';
  constructor(folder: string, reason: string, cause?: unknown) {
    super(`${folder} cannot be the data folder: ${reason}. Name another with FIBBARS_DATA_DIR`, { cause });
  }
}
