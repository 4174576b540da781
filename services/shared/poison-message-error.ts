/** No retry can mend this message: it belongs in the dead-letter queue, with this error's message as the reason. */
export class PoisonMessageError extends Error {
  override name = 'PoisonMessageError';
}
