/** A picture as it stands in a reply; one that has its bytes at hand need not be read from text. */
interface Picture {
  format: string;
  base64: string;
  data?: Uint8Array;
}

/** The format of the picture that an Accept header asks for alone; undefined: it asks for none. */
export function pictureFormat(accept: string): string | undefined {
  return accept.startsWith("image/")
    ? (/^image\/(png|jpeg|webp)/.exec(accept)?.[1] ?? "png")
    : undefined;
}

/**
 * The picture as the body, with small facts in `x-nexora-rev` and `x-nexora-meta`: headers are
 * short (Node.js takes 16 KiB of them), so nothing that a program inside has written goes there.
 * 204 when there is no picture, because nothing has changed.
 */
export function pictureReply(reply: Record<string, unknown>, field: string): Response {
  const { [field]: held, window: _, text: __, degraded: ___, ...facts } = reply;
  const picture = held as Picture | null;
  const { data, ...image } = { ...picture, base64: undefined };
  const meta = JSON.stringify({ ...facts, [field]: picture && image });
  const headers = { "x-nexora-rev": String(reply.rev ?? ""), "x-nexora-meta": meta };
  if (!picture) return new Response(null, { status: 204, headers });
  const bytes = data ?? Buffer.from(picture.base64, "base64");
  const type = `image/${picture.format}`;
  return new Response(bytes, { headers: { ...headers, "content-type": type } });
}
