import pc from 'picocolors';

/** Where a command says what it found: words for people, or one JSON document. */
export type Output = {
  readonly json: boolean;
  /** stdout is a terminal, and words are wanted: progress and colours make sense. */
  readonly rich: boolean;
  readonly colours: ReturnType<typeof pc.createColors>;
  /** One line for people; nothing with --json. */
  say(line?: string): void;
  /** The command's one document; nothing without --json. */
  document(value: unknown): void;
  /** Text that is the result itself, such as CSV. */
  raw(text: string): Promise<void>;
};

export type OutputOptions = {
  readonly json: boolean;
  /** Told when stdout takes no more: the reader is gone (EPIPE), or the disk is full. */
  readonly onError: (error: NodeJS.ErrnoException) => void;
};

export function createOutput(
  { json, onError }: OutputOptions,
  stdout: NodeJS.WriteStream = process.stdout,
): Output {
  // Without a listener it would end the process at once, and leave what the process has started behind.
  stdout.on('error', onError);
  const rich = stdout.isTTY && !json;
  return {
    json,
    rich,
    colours: pc.createColors(rich && pc.isColorSupported),
    say(line = '') {
      if (!json) stdout.write(`${line}\n`);
    },
    document(value) {
      if (json) stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    },
    raw: (text) =>
      new Promise((resolve) => {
        // A failure is told to onError.
        stdout.write(text, () => resolve());
      }),
  };
}
