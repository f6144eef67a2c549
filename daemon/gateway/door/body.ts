import { within } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { GatewayError } from "../error.ts";

/** More than the limit by so much is read and dropped, in bytes: a client that is cut off never reads why. */
const maxDropped = 128 * 1024 * 1024;

/** How long a body may take to come, in milliseconds. */
const arrivalMs = 120_000;
const MiB = 1024 ** 2;

/** Bodies up to this size come at once: they are counted only when they are there, in bytes. */
const smallBytes = 64 * 1024;

interface BodyLimits {
  /** Of bodies that are coming, in bytes. */
  coming: RoomLimits;
  /** Of those that are worked on, in characters: a body is needed until its reply is over. */
  held: RoomLimits;
}

const usualLimits: BodyLimits = {
  coming: { ofOne: 128 * MiB, ofAll: 512 * MiB },
  held: { ofOne: 256 * MiB, ofAll: 512 * MiB },
};

/** A body that is there; `release` gives its room back, and may be called again. */
export interface HeldBody {
  text: string;
  release(): void;
}

/** Keeps bodies within the daemon's means: one that never ends costs as much as a whole one. */
export class BodyRoom {
  private readonly coming: Room;
  private readonly held: Room;

  constructor(limits = usualLimits) {
    this.coming = new Room(limits.coming);
    this.held = new Room(limits.held);
  }

  /**
   * The text of a caller's body. Throws what `readText` does, and `rate_limited` when too much is
   * coming, or held.
   */
  async read(caller: string, request: Request, maxBytes: number): Promise<HeldBody> {
    const stated = Number(request.headers.get("content-length") ?? maxBytes);
    const bytes = Math.min(Number.isFinite(stated) ? stated : maxBytes, maxBytes);
    const text =
      bytes <= smallBytes
        ? await readText(request, maxBytes)
        : await this.receive(caller, bytes, request, maxBytes);
    return { text, release: this.held.take(caller, text.length, "are under way") };
  }

  private async receive(
    caller: string,
    bytes: number,
    request: Request,
    maxBytes: number,
  ): Promise<string> {
    const release = this.coming.take(caller, bytes, "are coming in");
    try {
      return await within(readText(request, maxBytes), AbortSignal.timeout(arrivalMs));
    } catch (error) {
      if (!(error instanceof NexoraError && error.code === "timeout")) throw error;
      const late = `the body has not come within ${arrivalMs / 1000} s`;
      throw new GatewayError("invalid_request", late);
    } finally {
      release();
    }
  }
}

/** Most of one caller, and of all. */
interface RoomLimits {
  ofOne: number;
  ofAll: number;
}

/** What callers take up together. Of what is larger than the limits there may be one. */
class Room {
  private readonly ofOne = new Map<string, number>();
  private ofAll = 0;

  constructor(private readonly limits: RoomLimits) {}

  /** Takes some, and returns what gives it back. Throws `rate_limited`. */
  take(caller: string, amount: number, which: string): () => void {
    const { ofOne, ofAll } = this.limits;
    const before = this.ofOne.get(caller) ?? 0;
    const isFull =
      (before > 0 && before + amount > ofOne) || (this.ofAll > 0 && this.ofAll + amount > ofAll);
    if (isFull) {
      throw new GatewayError("rate_limited", `too many large requests ${which}`, {
        retryAfterMs: 1000,
      });
    }
    this.add(caller, amount);
    let taken = amount;
    return () => {
      this.add(caller, -taken);
      taken = 0;
    };
  }

  private add(caller: string, amount: number): void {
    this.ofAll += amount;
    const now = (this.ofOne.get(caller) ?? 0) + amount;
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
