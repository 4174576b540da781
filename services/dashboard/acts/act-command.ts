import type { ActRequest } from '../api.ts';

/** The same on the command line. Symbols have no character that a shell would take for its own. */
export function actCommand(request: ActRequest): string {
  const symbols =
    request.kind !== 'redrive' && request.symbols ? [`--symbols ${request.symbols.join(',')}`] : [];
  const range = request.kind === 'replay' ? [`--from ${request.from}`, `--to ${request.to}`] : [];
  return ['npm run fibbars --', request.kind, ...range, ...symbols].join(' ');
}
