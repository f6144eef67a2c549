import { NexoraError } from "../contract/errors.ts";

/** The server broke the protocol, refused us, or went away: the connection is unusable. */
export class RfbError extends NexoraError {
  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super("display_failed", message, {
      hint: "see `nexora session logs`; `nexora session stop` and `nexora session start` give it a new display",
      ...options,
    });
  }
}
