import type { Output } from "../contract/index.ts";
import type { Client } from "./client.ts";

/** A picture as bytes, and the facts that came with it; null when nothing has changed. */
export interface Picture {
  bytes: Uint8Array | null;
  facts: Pick<Output<"screen">, "rev" | "changed" | "size" | "image">;
}

/** The screen as a picture alone, which saves the bytes a way through JSON. */
export async function pictureOf(
  client: Client,
  fields: object,
  format: string,
  signal: AbortSignal,
): Promise<Picture> {
  const asked = { ...fields, format, text: false };
  const reply = await client.open("screen", asked, signal, { accept: `image/${format}` });
  const facts = JSON.parse(reply.headers.get("x-nexora-meta") ?? "{}");
  return { bytes: reply.status === 200 ? await reply.bytes() : null, facts };
}
