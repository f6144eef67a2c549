import { afterAll, beforeAll, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Log } from "../../docker/workstation/runner/log.ts";
import { Terminals } from "../../docker/workstation/runner/terminal/terminals.ts";
import { encodeFrames, encodeJsonFrame, frameType } from "../../src/frames.ts";

const folder = mkdtempSync(join(tmpdir(), "nexora-terminals-"));
const path = join(folder, "socket");
const ignore = () => {};
const terminals = new Terminals({
  shell: ["cat"],
  cwd: "/",
  env: { PATH: process.env.PATH ?? "" },
  lastingTerminal: "t1",
  events: { changed: ignore, prompt: ignore },
  log: new Log(ignore),
});
beforeAll(async () => {
  await terminals.listen(path);
  terminals.begin();
});
afterAll(() => {
  terminals.close();
  rmSync(folder, { recursive: true });
});

/** What an xterm's relay is shown, and when that ends. */
function relay(): { socket: Socket; shown: (text: string) => Promise<void>; ended: Promise<void> } {
  const socket = connect(path);
  const hello = { terminal: null, window: null, command: ["cat"], cwd: "/", env: {} };
  socket.write(encodeJsonFrame(frameType.spec, { ...hello, columns: 80, rows: 24 }));
  let all = "";
  let heard = ignore;
  socket.on("data", (bytes) => {
    all += bytes;
    heard();
  });
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  const shown = async (text: string) => {
    while (!all.includes(text)) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { socket, shown, ended };
}
const type = (socket: Socket, text: string) => {
  for (const frame of encodeFrames(frameType.stdin, Buffer.from(text))) socket.write(frame);
};

test("a window too many says why it has no terminal, and closes when a key is pressed", async () => {
  // Besides the lasting one.
  const others = Array.from({ length: 31 }, relay);
  for (const { socket, shown } of others) {
    type(socket, "here\n");
    await shown("here");
  }
  const late = relay();
  await late.shown("Press a key to close it.");
  await late.shown("there are 32 already");
  type(late.socket, "x");
  await late.ended;
  const [first] = others;
  first?.socket.end();
  await first?.ended;
  const next = relay();
  type(next.socket, "room again\n");
  await next.shown("room again");
  for (const { socket } of [...others, next]) socket.destroy();
});
