import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import sharp from "sharp";
import { connect } from "../../daemon/display/connect.ts";
import type { Connection } from "../../daemon/display/connection.ts";
import { createDisplays } from "../../daemon/display/displays.ts";
import { createEncoder } from "../../daemon/display/encode.ts";
import type { Display } from "../../daemon/display/types.ts";
import { Xvnc } from "../support/xvnc.ts";

const soon = () => AbortSignal.timeout(20_000);

/** Resolves with the next change of a display. */
function nextChange(display: Display): Promise<void> {
  return new Promise((resolve, reject) => {
    soon().addEventListener("abort", () => reject(new Error("nothing changed")));
    const stop = display.onChange(() => {
      stop();
      resolve();
    });
  });
}

function press(text: string) {
  return Array.from(text).flatMap((char) => {
    const keysym = char === "\r" ? 0xff0d : (char.codePointAt(0) ?? 0);
    return [
      { keysym, down: true },
      { keysym, down: false },
    ];
  });
}

/** Waits until our pixels are the server's; fails when they never are. */
async function expectTruth(server: Xvnc, display: Display): Promise<void> {
  const truth = await server.draw("dump");
  const same = () => truth.equals(display.framebuffer.pixels);
  for (const signal = soon(); !same(); ) await display.sync(signal);
  expect(same()).toBe(true);
}

describe("a display", () => {
  let server: Xvnc;
  let display: Connection;
  beforeAll(async () => {
    server = await Xvnc.start({ size: "640x400" });
    await server.draw("fill 3 5 300 200 3060c0");
    display = await connect(server, soon());
  });
  afterAll(async () => {
    display?.close(new Error("the test is over"));
    await server?.[Symbol.asyncDispose]();
  });

  test("has every pixel as soon as it is connected", async () => {
    expect((await server.draw("dump")).equals(display.framebuffer.pixels)).toBe(true);
  });

  test("follows what is drawn, pixel by pixel, and says where", async () => {
    const before = display.rev();
    const change = nextChange(display);
    await server.draw("fill 10 10 50 40 ff8000 noise 100 50 40 40 7 copy 0 0 100 80 150 100");
    await change;
    await expectTruth(server, display);
    expect(display.rev()).not.toBe(before);
  });

  test("the same pixels drawn again change nothing", async () => {
    const before = display.rev();
    let changes = 0;
    const stop = display.onChange(() => changes++);
    await server.draw("fill 10 10 5 4 ff8000");
    await display.sync(soon());
    stop();
    expect([changes, display.rev()]).toEqual([0, before]);
  });

  test("keys reach the program under the pointer and change pixels", async () => {
    const drawn = nextChange(display);
    display.pointerEvent(50, 50, 0);
    const program = 'read line; printf %s "$line" > /tmp/got';
    const ended = server.exec("xterm", "-geometry", "40x10+0+0", "-e", "sh", "-c", program);
    await drawn;
    const typed = nextChange(display);
    display.keys(press("Hi, x11\r"));
    await typed;
    await ended;
    expect((await server.exec("cat", "/tmp/got")).toString()).toBe("Hi, x11");
    expect(display.pointer).toEqual({ x: 50, y: 50 });
  });

  test("a picture of it decodes to its pixels", async () => {
    const encoder = createEncoder({ sharp: () => import("sharp") });
    const frame = await encoder.encode(display, { format: "png", quality: 80 }, soon());
    const pixels = await sharp(frame.bytes).ensureAlpha().raw().toBuffer();
    expect(frame.rev).toBe(display.rev());
    expect(pixels.equals(display.framebuffer.pixels)).toBe(true);
  });

  test("changes its size when asked, and says why not when refused", async () => {
    await display.resize(800, 300, soon());
    expect(display.framebuffer).toMatchObject({ width: 800, height: 300 });
    expect((await server.draw("size")).toString().trim()).toBe("800 300");
    await expectTruth(server, display);
    await expect(display.resize(60_000, 300, soon())).rejects.toThrow(
      "could not be resized to 60000x300",
    );
  });

  test("a wrong password is refused", async () => {
    const wrong = { hostname: server.hostname, port: server.port, password: "guess" };
    await expect(connect(wrong, soon())).rejects.toMatchObject({
      code: "display_failed",
      message: expect.stringContaining("refused the password"),
    });
  });
});

describe("leases of displays", () => {
  test("share one connection, which outlives the last by the idle time", async () => {
    await using server = await Xvnc.start();
    let located = 0;
    const displays = createDisplays({
      locate: async () => {
        located++;
        return server;
      },
      idleMs: 50,
    });
    const leases = await Promise.all([displays.acquire("desk"), displays.acquire("desk")]);
    const [first, second] = leases.map((lease) => lease.display);
    expect(located).toBe(1);
    expect(second).toBe(first as Display);
    const closed = new Promise<Error>((resolve) => first?.onClose(resolve));
    for (const lease of leases) lease[Symbol.dispose]();
    expect((await closed).message).toContain("desk");
    using again = await displays.acquire("desk");
    expect(again.display).not.toBe(first as Display);
    expect(located).toBe(2);
    displays.close();
    expect(again.display.closed).not.toBeNull();
  });

  test("a dead server ends the display; the next lease connects to its successor", async () => {
    let server = await Xvnc.start();
    try {
      const displays = createDisplays({ locate: async () => server });
      using lease = await displays.acquire("desk", soon());
      const closed = new Promise<Error>((resolve) => lease.display.onClose(resolve));
      const synced = closed.then(() => lease.display.sync(soon())).catch((error) => error);
      await server[Symbol.asyncDispose]();
      expect(await closed).toMatchObject({ code: "display_failed" });
      expect(await synced).toMatchObject({ code: "display_failed" });
      await expect(displays.acquire("desk", soon())).rejects.toMatchObject({
        code: "display_failed",
        message: expect.stringContaining("session desk"),
      });
      server = await Xvnc.start({ size: "200x100" });
      using next = await displays.acquire("desk", soon());
      expect(next.display.framebuffer).toMatchObject({ width: 200, height: 100 });
      displays.close();
    } finally {
      await server[Symbol.asyncDispose]();
    }
  });

  test("of many resting connections only the newest are kept", async () => {
    await using server = await Xvnc.start();
    const displays = createDisplays({ locate: async () => server, maxIdle: 1 });
    using older = await displays.acquire("older");
    older[Symbol.dispose]();
    using newer = await displays.acquire("newer");
    newer[Symbol.dispose]();
    expect(older.display.closed).toBeInstanceOf(Error);
    expect(newer.display.closed).toBeNull();
    displays.close();
  });

  test("a server that says nothing is an error after the deadline", async () => {
    const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const { port } = silent;
    const locate = async () => ({ hostname: "127.0.0.1", port, password: "" });
    const displays = createDisplays({ locate, connectMs: 100 });
    await expect(displays.acquire("desk", soon())).rejects.toMatchObject({
      code: "display_failed",
      message: "the display of session desk: no reply within 100 ms",
    });
    silent.stop(true);
  });

  test("a caller that gives up does not disturb the others", async () => {
    await using server = await Xvnc.start();
    const displays = createDisplays({ locate: async () => server });
    const leaving = displays.acquire("desk", AbortSignal.abort(new Error("gone")));
    const staying = displays.acquire("desk", soon());
    await expect(leaving).rejects.toThrow("gone");
    using lease = await staying;
    expect(lease.display.closed).toBeNull();
    displays.close();
  });

  test("a server that hangs does not hang a sync", async () => {
    await using server = await Xvnc.start();
    const display = await connect(server, soon());
    await display.sync(soon());
    await server.freeze();
    await expect(display.sync(AbortSignal.timeout(100))).rejects.toThrow("timed out");
    await server.thaw();
    await display.sync(soon());
    display.close(new Error("the test is over"));
  });
});
