/** A picture as it stands in a reply. */
interface Picture {
  format: string;
  base64: string;
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
  const { [field]: held, window: _, text: __, ...facts } = reply;
  const { base64 = "", ...image } = (held ?? {}) as Partial<Picture>;
  const meta = JSON.stringify({ ...facts, [field]: held ? image : null });
  const headers = { "x-nexora-rev": String(reply.rev ?? ""), "x-nexora-meta": meta };
  if (!held) return new Response(null, { status: 204, headers });
  const bytes = Buffer.from(base64, "base64");
  return new Response(bytes, { headers: { ...headers, "content-type": `image/${image.format}` } });
}
