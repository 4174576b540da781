/** A trading day that its source has not published yet: no failure, a later run takes it. */
export class NotYetError extends Error {
  override name = 'NotYetError';
}
