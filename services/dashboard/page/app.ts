import type { LiveEvent, Session } from '../api.ts';
import type { Address } from './address.ts';

/** What a view is given by the frame around it. */
export type App = {
  /** As the server last told it. */
  readonly session: Session;
  /** Shows another address; `replace` leaves no step for the back button. */
  go(address: Address, how?: 'push' | 'replace'): void;
};

/** One of the two views, as long as it is on the screen. */
export type View<Shown extends Address> = {
  show(address: Shown): void;
  hear(event: LiveEvent): void;
  /** Reads again what is shown: events may have been missed. */
  catchUp(): void;
  dispose(): void;
};
