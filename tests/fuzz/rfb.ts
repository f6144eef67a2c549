import { join } from "node:path";
import { RfbError } from "../../src/rfb/error.ts";
import {
  bytes,
  greeting,
  recordingClient,
  rectangle,
  serverInit,
  u16,
  u32,
  update,
} from "../unit/rfb/harness.ts";
import { chunks, demand, pick, type Random, spoilt, type Target } from "./target.ts";

const recordings = ["zrle", "raw", "selection"].map((name) =>
  join(import.meta.dir, `../fixtures/rfb/${name}.rfb.gz`),
);

/** RFB of a display that obeys nothing: a recorded stream that was spoilt, or messages made by chance. */
export async function openRfb(): Promise<Target> {
  const streams = await Promise.all(
    recordings.map(async (path) => Bun.gunzipSync(await Bun.file(path).bytes())),
  );
  const run = (random: Random) => {
    const recorded = streams[random(streams.length)] ?? new Uint8Array();
    const stream =
      random(2) === 0
        ? spoilt(random, recorded.slice(0, 1 + random(random(4) === 0 ? recorded.length : 3000)))
        : spoilt(random, madeUp(random));
    const { client, said } = recordingClient({ deaf: random(2) === 0 });
    try {
      for (const chunk of chunks(random, stream)) client.push(chunk.slice());
    } catch (error) {
      if (!(error instanceof RfbError)) throw error;
    }
    const { pixels, width, height } = said.buffer;
    demand(
      pixels.length === 4 * width * height,
      () => `${width}x${height}, ${pixels.length} bytes`,
    );
  };
  return { run, [Symbol.asyncDispose]: async () => {} };
}

/** Encodings that a server may send: RFC 6143 §7.7, and those of TigerVNC. */
const encodings = [0, 1, 2, 5, 7, 15, 16, -223, -224, -239, -307, -308, -312, -313, -314] as const;

function madeUp(random: Random): Uint8Array {
  const [width, height] = [1 + random(300), 1 + random(200)];
  const messages = Array.from({ length: random(20) }, () => messageOf(random, width, height));
  const hello = bytes(greeting, new Uint8Array(16), u32(0), serverInit(width, height));
  return bytes(hello, ...messages);
}

function messageOf(random: Random, width: number, height: number): Uint8Array {
  const noise = () => Uint8Array.from({ length: random(200) }, () => random(256));
  switch (random(6)) {
    case 0:
      return bytes([2]);
    case 1:
      return bytes([3, 0, 0, 0], u32(random(2 ** 32)), noise());
    case 2:
      return bytes([random(256)], noise());
    case 3:
      return bytes([248, 0, 0, 0], u32(random(2 ** 32)), [random(80)], noise());
    default: {
      const some = Array.from({ length: random(6) }, () => {
        const most = random(8) === 0 ? 65_536 : 2;
        const at = [random(width), random(height), random(width * most), random(height * most)];
        const [x = 0, y = 0, w = 0, h = 0] = at.map((each) => each & 0xffff);
        const encoding = pick(random, encodings);
        const data = encoding === 1 ? u16(random(width), random(height)) : noise();
        return rectangle([x, y, w, h], encoding, data);
      });
      return update(...some);
    }
  }
}
