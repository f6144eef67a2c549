import { within } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { GatewayError } from "../error.ts";

/** More than the limit by so much is read and dropped, in bytes: a client that is cut off never reads why. */
const maxDropped = 128 * 1024 * 1024;

/** How long a body may take to come, in milliseconds. */
const arrivalMs = 120_000;
/** Of bodies that are coming: most of one caller, and of all, in bytes. */
const most = { ofOne: 128 * 1024 * 1024, ofAll: 512 * 1024 * 1024 };

/** Bodies up to this size are no burden, and most are: nothing is counted, in bytes. */
const smallBytes = 64 * 1024;

/** Keeps what is being received within the daemon's means: a body that never ends costs as much as a whole one. */
export class BodyRoom {
  private readonly ofOne = new Map<string, number>();
  private ofAll = 0;

  /** The text of a caller's body. Throws what `readText` does, and `rate_limited` when too much is coming. */
  async read(caller: string, request: Request, maxBytes: number): Promise<string> {
    const stated = Number(request.headers.get("content-length") ?? maxBytes);
    const bytes = Math.min(Number.isFinite(stated) ? stated : maxBytes, maxBytes);
    if (bytes <= smallBytes) return readText(request, maxBytes);
    const before = this.ofOne.get(caller) ?? 0;
    if (before + bytes > most.ofOne || this.ofAll + bytes > most.ofAll) {
      throw new GatewayError("rate_limited", "too many large requests are coming in", {
        retryAfterMs: 1000,
      });
    }
    this.add(caller, bytes);
    try {
      return await within(readText(request, maxBytes), AbortSignal.timeout(arrivalMs));
    } catch (error) {
      if (!(error instanceof NexoraError && error.code === "timeout")) throw error;
      const late = `the body has not come within ${arrivalMs / 1000} s`;
      throw new GatewayError("invalid_request", late);
    } finally {
      this.add(caller, -bytes);
    }
  }

  private add(caller: string, bytes: number): void {
    this.ofAll += bytes;
    const now = (this.ofOne.get(caller) ?? 0) + bytes;
    if (now > 0) this.ofOne.set(caller, now);
    else this.ofOne.delete(caller);
  }
}

/** The text of a request's body. Throws `too_large` above so many bytes, and `invalid_request`. */
async function readText(request: Request, maxBytes: number): Promise<string> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    throw new GatewayError("invalid_request", `the body is packed (${encoding}): send it as it is`);
  }
  const stated = request.headers.get("content-length");
  if (stated !== null && Number(stated) <= maxBytes) return request.text();
  if (!request.body) throw new GatewayError("invalid_request", "the request has no body");
  if (stated !== null && Number(stated) > maxBytes + maxDropped) throw tooLarge(maxBytes);
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > maxBytes + maxDropped) break;
    if (length <= maxBytes) text += decoder.decode(chunk, { stream: true });
    else text = "";
  }
  if (length > maxBytes) throw tooLarge(maxBytes);
  return text + decoder.decode();
}

function tooLarge(maxBytes: number): GatewayError {
  const limit = `${Math.floor(maxBytes / 1024 ** 2)} MiB`;
  return new GatewayError(
    "too_large",
    `the body is over the limit of ${limit} (gateway.maxBodyBytes)`,
  );
}
