import { type Header, pack } from "tar-stream";
import { pick, type Random, spoilt } from "./target.ts";

const names = [
  "a",
  "b",
  "t",
  ".",
  "..",
  "",
  "ä",
  "x\u0000y",
  " ",
  "-",
  "\\",
  "n".repeat(300),
  "\n",
] as const;
const kinds = [
  "file",
  "file",
  "directory",
  "symlink",
  "symlink",
  "link",
  "fifo",
  "block-device",
] as const;
const odd = ["character-device", "contiguous-file", "pax-header", "gnu-long-path"] as const;

/** A tar archive as a hostile workstation may send it: names that lead out, links, bytes that are none. */
export async function hostileArchive(random: Random): Promise<Uint8Array> {
  const archive = pack();
  for (let left = 1 + random(8); left > 0; left--) {
    const type = pick(random, random(12) === 0 ? odd : kinds);
    const content = type === "file" ? "evil".repeat(random(400)) : "";
    const header = {
      name: path(random),
      type: type as NonNullable<Header["type"]>,
      linkname: path(random),
      mode: random(0o10000),
      mtime: new Date(random(2 ** 31) * 1000),
      uid: random(3),
      ...(random(20) === 0 ? { pax: { path: path(random), [pick(random, names)]: "x" } } : {}),
    };
    try {
      archive.entry(header, content);
    } catch {
      // What tar-stream itself does not write.
    }
  }
  archive.finalize();
  const chunks = await Array.fromAsync(archive as unknown as AsyncIterable<Uint8Array>);
  return spoilt(random, Buffer.concat(chunks));
}

function path(random: Random): string {
  const parts = Array.from({ length: 1 + random(4) }, () => pick(random, names));
  return (random(8) === 0 ? "/" : "") + parts.join("/");
}
