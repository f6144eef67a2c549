import { Readable } from "node:stream";

/** What the engine builds the workstation from. */
export interface BuildContext {
  /** Names the content; an image is current when its label says the same. */
  hash: string;
  /** The content as a tar archive, uncompressed, anew for every build. */
  tar(): Readable | ReadableStream<Uint8Array>;
}

/** A context that lies in memory as a tar archive, as scripts/context.ts packs it. */
export function contextFromTar(tar: Uint8Array): BuildContext {
  return {
    hash: new Bun.CryptoHasher("sha256").update(tar).digest("hex"),
    tar: () => Readable.from(chunks(tar)),
  };
}

function* chunks(bytes: Uint8Array, size = 1024 * 1024): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
