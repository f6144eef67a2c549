import { afterEach, expect, test } from "bun:test";
import { connect } from "../../../../daemon/display/connect.ts";
import type { Connection } from "../../../../daemon/display/connection.ts";
import { bytes, greeting, rectangle, serverInit, u16, u32, update } from "../../rfb/harness.ts";

const [width, height] = [1920, 1080];
const soon = () => AbortSignal.timeout(4000);

let server: Bun.TCPSocketListener<unknown> | null = null;
let connection: Connection | null = null;
afterEach(() => {
  connection?.close(new Error("the test is over"));
  server?.stop(true);
});

const whole = [0, 0, width, height] as const;
/** RFC 6143 §7.7.2, CopyRect: 16 bytes that move the whole desktop. */
const copy = rectangle(whole, 1, u16(0, 0));
/** §7.8.2, DesktopSize. */
const resized = (...[w, h]: [number, number]) => rectangle([0, 0, w, h], -223);

/** A display that greets, draws all of its desktop once, and then sends this. */
async function displayThatSends(hostile: Uint8Array): Promise<Connection> {
  const hello = bytes(greeting, new Uint8Array(16), u32(0), serverInit(width, height));
  const all = bytes(hello, update(copy), hostile);
  server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { open: (socket) => void socket.write(all), data: () => {} },
  });
  const address = { hostname: "127.0.0.1", port: server.port, password: "secret" };
  connection = await connect({ ...address, size: { width, height } }, soon());
  return connection;
}

function ended(it: Connection): Promise<string> {
  if (it.closed) return Promise.resolve(it.closed.message);
  return new Promise((resolve) => it.onClose(({ message }) => resolve(message)));
}

test("a display that draws without end leaves the daemon to others in between", async () => {
  // 64 KB that would take 10 seconds of work.
  const cover = update(...Array.from({ length: 16 }, () => copy));
  const it = await displayThatSends(bytes(...Array.from({ length: 250 }, () => cover)));
  for (let turn = 0; turn < 20; turn++) await Bun.sleep(1);
  expect(it.closed).toBeNull();
});

test("a display that becomes larger than it was made is let go of", async () => {
  const it = await displayThatSends(update(resized(width * 2, height)));
  expect(await ended(it)).toContain("larger than it was made, 3840x1080");
});

test("a display of another shape is still one", async () => {
  const it = await displayThatSends(update(resized(height, width)));
  while (it.framebuffer.width !== height) await Bun.sleep(1);
  expect(it.framebuffer).toMatchObject({ width: height, height: width });
});

test("a display that resizes over and over, in whatever many messages, is let go of", async () => {
  const turns = Array.from({ length: 20 }, (_, at) => update(resized(width - (at % 2), height)));
  const it = await displayThatSends(bytes(...turns));
  expect(await ended(it)).toContain("resizes the desktop over and over");
});
