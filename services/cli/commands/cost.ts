import type { Estimate } from '../../../infra/cost/estimate.ts';
import { exitCodes, UsageError } from '../../shared/exit-code.ts';
import { formatTable } from '../format.ts';
import type { Output } from '../output.ts';

/** Symbols of a watch list, and of the whole market. */
const both = [500, 11_000] as const;

/** Prints what a deployment costs a month; for people, for both markets unless one is asked for. */
export async function cost(output: Output, symbols: number | undefined): Promise<number> {
  const { synthesise, estimate, prices } = await loadInfra();
  const template = synthesise();
  const estimates = (symbols === undefined ? both : [symbols]).map((count) => estimate(template, count));
  const [first] = estimates as [Estimate];
  output.document(first);
  const usd = (amount: number) => amount.toFixed(2);
  const rows = [
    ['USD a month', ...estimates.map((each) => `${each.symbols.toLocaleString('en-US')} symbols`)],
    ...first.lines.map(({ name }, at) => [name, ...estimates.map(({ lines }) => usd(lines[at]?.usd ?? 0))]),
    ['total', ...estimates.map(({ totalUsd }) => usd(totalUsd))],
  ];
  for (const row of formatTable(rows)) output.say(row);
  output.say();
  output.say(`Prices of ${prices.region} as of ${prices.asOf}, without the free tier. Reckoned with`);
  for (const each of estimates) {
    output.say();
    output.say(`  ${each.symbols.toLocaleString('en-US')} symbols`);
    for (const { name, assumption } of each.lines) output.say(`    ${name}: ${assumption}`);
  }
  return exitCodes.done;
}

/** Loaded here alone: it is no part of the image, and takes packages of the development. */
async function loadInfra() {
  try {
    const [{ synthesise }, { estimate }, { prices }] = await Promise.all([
      import('../../../infra/synthesise.ts'),
      import('../../../infra/cost/estimate.ts'),
      import('../../../infra/prices.ts'),
    ]);
    return { synthesise, estimate, prices };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError('cost synthesises the stack: run it in a checkout after `npm ci`', { cause: error });
  }
}
