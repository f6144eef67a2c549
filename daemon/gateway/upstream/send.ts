import { Failure } from "./failure.ts";
import type { Watch } from "./watch.ts";

export interface Sending {
  url: string;
  headers: Record<string, string>;
  /** JSON. */
  body: string;
  /** It listens on this machine: no proxy of the environment may see it. */
  local: boolean;
}

/** Longest reply, in bytes. */
const maxReply = 64 * 1024 * 1024;

/**
 * Sends a request to a provider, and resolves with the head of its reply. Redirects are not
 * followed: whoever is named there would get the key.
 */
export async function send(
  { url, headers, body, local }: Sending,
  watch: Watch,
): Promise<Response | Failure> {
  try {
    return await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: watch.signal,
      timeout: false,
      ...(local ? { proxy: "" } : {}),
    });
  } catch (error) {
    return broken(error, watch);
  }
}

/** The whole body of a reply; what is cut off, longer than it says, or too long, is a failure. */
export async function readWhole(reply: Response, watch: Watch): Promise<Uint8Array | Failure> {
  const stated = reply.headers.get("content-length");
  const length = stated === null ? null : Number(stated);
  if (length !== null && length > maxReply) return tooLong(watch);
  try {
    const bytes = length === null ? await readBounded(reply) : await reply.bytes();
    if (bytes === null) return tooLong(watch);
    const isEncoded = reply.headers.has("content-encoding");
    if (length === null || isEncoded || bytes.length === length) return bytes;
    return new Failure("broken", `it sent ${bytes.length} bytes of ${length}`);
  } catch (error) {
    return broken(error, watch);
  }
}

async function readBounded(reply: Response): Promise<Uint8Array | null> {
  if (!reply.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of reply.body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxReply) return null;
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function tooLong(watch: Watch): Failure {
  watch.abort();
  return new Failure("broken", `it sent more than ${maxReply / 1024 ** 2} MiB`);
}

/** What `fetch` or a body has thrown. */
export function broken(error: unknown, watch: Watch): Failure {
  if (watch.slow) return new Failure("slow", "it gave no answer in time");
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.includes("CERT")) return new Failure("broken", `its certificate is not valid: ${code}`);
  return new Failure("broken", reasons[code] ?? "the connection broke");
}

/** What the codes of system calls tell a person. */
const reasons: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it closed the connection",
  ENOTFOUND: "its name is not known",
  EPROTO: "it does not speak TLS",
  EHOSTUNREACH: "it cannot be reached",
  ENETUNREACH: "it cannot be reached",
};
