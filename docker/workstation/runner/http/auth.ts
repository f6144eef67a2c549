import { createHash, timingSafeEqual } from "node:crypto";
import { NexoraError } from "../../../../src/contract/errors.ts";

/**
 * The guard in front of the runner: throws `forbidden` for a request that a web page has made and
 * `unauthorized` for one without the session's token, compared in constant time.
 */
export function createGuard(token: string): (request: Request) => void {
  const expected = digest(`Bearer ${token}`);
  return (request) => {
    if (request.headers.has("origin")) {
      throw new NexoraError("forbidden", "the runner does not answer web pages", {
        hint: "send the request without an Origin header",
      });
    }
    // Digests have one length, which timingSafeEqual needs and which hides the token's.
    const given = digest(request.headers.get("authorization") ?? "");
    if (!timingSafeEqual(given, expected)) {
      throw new NexoraError("unauthorized", "the runner's token is missing or wrong", {
        hint: "send `Authorization: Bearer <token>`",
      });
    }
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
