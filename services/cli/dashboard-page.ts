import type { Logger } from '../shared/logger.ts';

/**
 * Loaded when the first browser comes: what builds the page is of no use to anybody else, and not in a bundle.
 * @throws {Error} that says so, in a bundle.
 */
export async function builtPage(): Promise<string> {
  const builder = await import('../dashboard/build-page.ts').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error('this program comes without it: run `npm run fibbars -- dashboard` in a checkout', {
      cause,
    });
  });
  return await builder.pageDirectory();
}

/** A machine without a browser, or without a screen, is no failure. */
export async function openInBrowser(url: string, logger: Logger): Promise<void> {
  const failed = (error: unknown) => logger.warn({ err: error, url }, 'no browser could be opened');
  try {
    const { default: open } = await import('open');
    const child = await open(url);
    child.once('error', failed);
  } catch (error) {
    failed(error);
  }
}
