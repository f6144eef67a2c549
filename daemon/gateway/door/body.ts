import { GatewayError } from "../error.ts";

/** More than the limit by so much is read and dropped, in bytes: a client that is cut off never reads why. */
const maxDropped = 128 * 1024 * 1024;

/** The text of a request's body. Throws `too_large` above so many bytes, and `invalid_request`. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
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
