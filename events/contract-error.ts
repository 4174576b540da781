/** A message breaks its contract: no retry can mend it. */
export class ContractError extends Error {
  override name = 'ContractError';
}
