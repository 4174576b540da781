/** Messages of PostgreSQL's protocol 3: https://www.postgresql.org/docs/current/protocol-message-formats.html */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);
  /** The first message of a client has no type. */
  private begun: boolean;

  constructor({ begun }: { begun: boolean }) {
    this.begun = begun;
  }

  /** The messages that are whole with these bytes. */
  push(bytes: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const messages: Buffer[] = [];
    for (;;) {
      const lengthAt = this.begun ? 1 : 0;
      if (this.rest.length < lengthAt + 4) return messages;
      const end = lengthAt + this.rest.readInt32BE(lengthAt);
      if (this.rest.length < end) return messages;
      // A startup message gets the type of none, so that all look alike.
      const message = this.rest.subarray(0, end);
      messages.push(message);
      this.rest = this.rest.subarray(end);
      this.begun = true;
    }
  }
}

export function typeOf(message: Buffer): string {
  return String.fromCharCode(message[0] ?? 0);
}

/** Messages after which a client waits for the server. */
export function endsTurn(message: Buffer): boolean {
  // Query, Sync, CopyDone.
  return ['Q', 'S', 'c'].includes(typeOf(message));
}

/** Messages after which a server waits for the client. */
export function endsAnswer(message: Buffer): boolean {
  // ReadyForQuery, CopyInResponse.
  return ['Z', 'G'].includes(typeOf(message));
}

/** What a client's turn asks for: the statement's text, or the name under which it was prepared. */
export function statementOf(turn: readonly Buffer[]): string {
  for (const message of turn) {
    const [first = '', second = ''] = message.subarray(5).toString('latin1').split('\0');
    const type = typeOf(message);
    if (type === 'Q') return first;
    // Parse: a name and the text. Bind: the portal and the name.
    if (type === 'P') return second;
    if (type === 'B') return second;
  }
  return 'end of COPY';
}
