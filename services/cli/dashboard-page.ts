import type { Logger } from '../shared/logger.ts';

/** Loaded when the first browser comes: the page's tools are of no use to anybody else, and not in a bundle. */
export async function builtPage(): Promise<string> {
  const { pageDirectory } = await import('../dashboard/build-page.ts');
  return await pageDirectory();
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
