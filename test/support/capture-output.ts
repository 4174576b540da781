import { createOutput, type Output } from '../../services/cli/output.ts';

export type CapturedOutput = { readonly output: Output; readonly text: () => string };

/** What a command writes to stdout that is no terminal. */
export function captureOutput({ json = false } = {}): CapturedOutput {
  let written = '';
  const stdout = {
    isTTY: false,
    on: () => stdout,
    write(text: string, done?: () => void) {
      written += text;
      done?.();
    },
  } as unknown as NodeJS.WriteStream;
  return { output: createOutput({ json, onError: () => {} }, stdout), text: () => written };
}
