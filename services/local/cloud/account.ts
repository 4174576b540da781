/** The account that the local cloud plays; fauxqs has it built in. */
export const accountId = '000000000000';

export type Account = { readonly region: string };

export function arn(account: Account, service: 'events' | 'batch' | 'sqs', resource: string): string {
  return `arn:aws:${service}:${account.region}:${accountId}:${resource}`;
}

/** The part of an ARN after the last colon or slash, or the name itself: both are taken wherever AWS takes both. */
export function nameOf(arnOrName: string): string {
  return arnOrName.slice(Math.max(arnOrName.lastIndexOf('/'), arnOrName.lastIndexOf(':')) + 1);
}
