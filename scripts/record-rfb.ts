/**
 * Records what a real Xvnc sends while its screen changes, as golden streams for the unit
 * tests: `bun scripts/record-rfb.ts` rewrites tests/fixtures/rfb/. Needs Docker, and an image
 * with Xvnc (tests/support/xvnc.ts).
 */
import { join } from "node:path";
import { revOf } from "../daemon/display/band-hashes.ts";
import { PixelBuffer } from "../daemon/display/framebuffer.ts";
import { RfbClient } from "../src/rfb/client.ts";
import { encoding } from "../src/rfb/client-messages.ts";
import { Xvnc } from "../tests/support/xvnc.ts";

const folder = join(import.meta.dir, "../tests/fixtures/rfb");
const steps = [
  "fill 10 10 50 40 ff8000 fill 0 190 320 10 0000ff",
  "noise 100 50 70 70 7",
  "copy 0 0 100 80 150 100",
  "copy 100 50 64 64 104 58",
];

for (const [name, pixels] of Object.entries({ zrle: encoding.zrle, raw: encoding.raw })) {
  await using server = await Xvnc.start();
  const chunks: Uint8Array[] = [];
  const fences: (() => void)[] = [];
  const first = Promise.withResolvers<void>();
  let buffer = new PixelBuffer(1, 1);
  let client: RfbClient | null = null;
  const socket = await Bun.connect({
    hostname: server.hostname,
    port: server.port,
    socket: {
      open(socket) {
        client = new RfbClient(
          { password: server.password, encodings: [pixels] },
          {
            send: (bytes) => socket.write(bytes),
            resized: (width, height) => {
              buffer = buffer.resized(width, height);
              return buffer;
            },
            updated: (complete) => complete && first.resolve(),
            fenced: () => fences.shift()?.(),
          },
        );
      },
      data(_, bytes) {
        chunks.push(bytes);
        client?.push(bytes);
      },
    },
  });
  await first.promise;
  const live = client as unknown as RfbClient;
  /** Twice: what the first round trip makes the server send comes before the second's end. */
  const settle = async () => {
    for (let i = 0; i < 2; i++) {
      const { promise, resolve } = Promise.withResolvers<void>();
      fences.push(resolve);
      live.fence(new Uint8Array(4));
      await promise;
    }
  };
  for (const step of steps) {
    await server.draw(step);
    await settle();
  }
  live.setDesktopSize(400, 240);
  await settle();
  await server.draw("fill 330 5 60 230 00ff00 noise 20 120 40 40 3");
  await settle();
  // Xvnc draws the pointer into the picture until this client is who moved it last.
  live.pointer(200, 100, 0);
  await server.exec("xsetroot", "-cursor_name", "left_ptr");
  await settle();
  const truth = await server.draw("dump");
  await settle();
  if (!truth.equals(buffer.pixels)) throw new Error(`${name}: our pixels differ from the server's`);
  socket.end();
  await Bun.write(join(folder, `${name}.rfb.gz`), Bun.gzipSync(Buffer.concat(chunks)));
  const facts = { width: buffer.width, height: buffer.height, rev: revOf(buffer) };
  await Bun.write(join(folder, `${name}.json`), `${JSON.stringify(facts, null, 2)}\n`);
  console.log(name, Buffer.concat(chunks).length, "bytes", facts);
}
