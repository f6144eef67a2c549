import { asNexoraError, NexoraError } from "../contract/errors.ts";
import { codeOf, messageOf } from "../thrown.ts";

const codes = new Set(["ECONNRESET", "ECONNREFUSED", "ConnectionClosed", "ETIMEDOUT"]);

const hints = {
  read: "see `nexora daemon status` and `nexora daemon logs`",
  act: "the request may have been carried out: look before you repeat it; `nexora daemon logs` may say why",
};

/** The error for a connection to the daemon that broke, or was never made. */
export function brokenConnection(cause: unknown, asked: "read" | "act" = "read"): NexoraError {
  return new NexoraError(
    "daemon_unreachable",
    `the connection to the daemon was lost (${codeOf(cause) || messageOf(cause)})`,
    { hint: hints[asked], cause },
  );
}

/** As `asNexoraError`, for what may have been thrown while a reply was read. */
export function asClientError(thrown: unknown): NexoraError {
  return codes.has(codeOf(thrown)) ? brokenConnection(thrown) : asNexoraError(thrown);
}
