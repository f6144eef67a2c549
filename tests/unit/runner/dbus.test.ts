import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BusConnection } from "../../../docker/workstation/runner/dbus/connection.ts";
import {
  decodeReply,
  encodeCall,
  lengthOf,
} from "../../../docker/workstation/runner/dbus/message.ts";
import { Reader } from "../../../docker/workstation/runner/dbus/reader.ts";

const call = { destination: ":1.2", path: "/a", interface: "i.f", member: "M" };

/** A method return, or an error, with a body of one signature, as a bus sends it. */
function reply(to: number, signature: string, body: Buffer, error?: string): Buffer {
  const start = Buffer.alloc(16);
  start.write("l");
  start.writeUInt8(error ? 3 : 2, 1);
  start.writeUInt8(1, 3);
  start.writeUInt32LE(body.length, 4);
  start.writeUInt32LE(7, 8);
  const serial = Buffer.from([5, 1, 0x75, 0, 0, 0, 0, 0]);
  serial.writeUInt32LE(to, 4);
  const type = Buffer.from([8, 1, 0x67, 0, signature.length, ...Buffer.from(`${signature}\0`)]);
  const parts = [serial, type];
  if (error) {
    const name = Buffer.alloc(8 + error.length + 1);
    name.set([4, 1, 0x73, 0, error.length]);
    name.write(error, 8);
    parts.push(Buffer.alloc(-type.length & 7), name);
  }
  const fields = Buffer.concat(parts);
  start.writeUInt32LE(fields.length, 12);
  return Buffer.concat([start, fields, Buffer.alloc(-fields.length & 7), body]);
}

describe("values", () => {
  test("are read with their alignment, nested and behind variants", () => {
    const body = Buffer.from(
      ["05000000", "68656c6c6f000000", "0175000000000000", "2a000000"].join(""),
      "hex",
    );
    expect(new Reader(body).all("s")).toEqual(["hello"]);
    expect(new Reader(body.subarray(12)).all("v")).toEqual([0]);
    const pairs = Buffer.from("1400000000000000010000006100000003000000620000002f000000", "hex");
    expect(() => new Reader(pairs).all("a(so)")).toThrow(RangeError);
    const rectangle = Buffer.from("01000000fffffffff4010000c8000000", "hex");
    expect(new Reader(rectangle).all("(iiii)")).toEqual([[1, -1, 500, 200]]);
  });

  test("that lie about their length, or nest without end, are none", () => {
    const refuse = (hex: string, signature: string) =>
      expect(() => new Reader(Buffer.from(hex, "hex")).all(signature)).toThrow(RangeError);
    refuse("ffffffff00", "s");
    refuse("ffffff7f00000000", "ai");
    refuse("00", "z");
    refuse("00", "(i");
    refuse("01760001760001760001760001760001760001760001".repeat(20), "v");
  });
});

describe("messages", () => {
  test("are as long as they say, in either byte order", () => {
    const bytes = encodeCall({ ...call, signature: "su", arguments: ["x", 2] }, 9);
    expect(lengthOf(bytes)).toBe(bytes.length);
    expect(lengthOf(bytes.subarray(0, 10))).toBeNull();
    expect(decodeReply(bytes)).toBeNull();
  });

  test("that answer say to what, and how it failed", () => {
    const number = Buffer.from("2a000000", "hex");
    expect(decodeReply(reply(9, "u", number))?.values()).toEqual([42]);
    expect(decodeReply(reply(9, "u", number))).toMatchObject({ to: 9, error: null });
    expect(decodeReply(reply(9, "", Buffer.alloc(0), "no.such"))).toMatchObject({
      error: "no.such",
    });
  });
});

describe("a connection", () => {
  let server: Server | null = null;
  let folder = "";
  afterEach(() => {
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const welcome = (socket: Socket) => socket.write(reply(1, "", Buffer.alloc(0)));

  /** A bus that lets everybody in, and answers each message, the first one too, as it is told to. */
  function bus(
    answer: (socket: Socket, serial: number) => void,
    greet: (socket: Socket) => void = welcome,
  ): string {
    folder = mkdtempSync(join(tmpdir(), "nexora-bus-"));
    const path = join(folder, "bus");
    server = createServer((socket) => {
      let isIn = false;
      let held = Buffer.alloc(0);
      socket.on("error", () => {});
      socket.on("data", (chunk: Buffer) => {
        held = Buffer.concat([held, chunk]);
        if (!isIn && held.includes("AUTH EXTERNAL")) {
          held = Buffer.alloc(0);
          socket.write("OK 0123\r\n");
        }
        if (held.subarray(0, 7).toString() === "BEGIN\r\n") {
          isIn = true;
          held = held.subarray(7);
        }
        for (let length = lengthOf(held); isIn && length !== null && length <= held.length; ) {
          const serial = held.readUInt32LE(8);
          if (serial === 1) greet(socket);
          else answer(socket, serial);
          held = held.subarray(length);
          length = lengthOf(held);
        }
      });
    }).listen(path);
    return `unix:path=${path},guid=00`;
  }

  test("answers whoever asked, in whatever order and pieces the answers come", async () => {
    const asked: number[] = [];
    const address = bus((socket, serial) => {
      asked.push(serial);
      if (asked.length < 2) return;
      const bytes = Buffer.concat(
        asked.toReversed().map((each) => {
          const body = Buffer.alloc(4);
          body.writeUInt32LE(each);
          return reply(each, "u", body);
        }),
      );
      socket.write(bytes.subarray(0, 21));
      setImmediate(() => socket.write(bytes.subarray(21)));
    });
    const connection = await BusConnection.open(address);
    expect(await Promise.all([connection.call(call, 5000), connection.call(call, 5000)])).toEqual([
      [2],
      [3],
    ]);
    connection.close();
  });

  test("tells of errors, of silence, and of its own end", async () => {
    const address = bus((socket, serial) => {
      if (serial === 2) socket.write(reply(2, "", Buffer.alloc(0), "org.example.No"));
      if (serial === 4) socket.destroy();
    });
    const connection = await BusConnection.open(address);
    const refused = (ms: number) => connection.call(call, ms).catch((error) => error.code);
    expect(await refused(5000)).toBe("action_failed");
    expect(await refused(20)).toBe("timeout");
    expect(await refused(5000)).toBe("action_failed");
    expect(await refused(5000)).toBe("action_failed");
  });

  test("of a bus that sends more than a message may have is given up", async () => {
    const address = bus((socket, serial) => {
      const bytes = reply(serial, "u", Buffer.alloc(4));
      bytes.writeUInt32LE(0x7fff_0000, 4);
      socket.write(bytes);
    });
    const connection = await BusConnection.open(address);
    await expect(connection.call(call, 5000)).rejects.toMatchObject({ code: "action_failed" });
  });

  test("that is not welcomed is closed", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const address = bus(
      () => {},
      (socket) => {
        socket.on("close", () => resolve());
        socket.write(reply(1, "", Buffer.alloc(0), "org.example.Full"));
      },
    );
    await expect(BusConnection.open(address)).rejects.toMatchObject({ code: "action_failed" });
    await closed;
  });

  test("is not to be had where nobody listens", async () => {
    folder = mkdtempSync(join(tmpdir(), "nexora-bus-"));
    for (const address of [`unix:path=${folder}/none`, "tcp:host=127.0.0.1,port=1"]) {
      await expect(BusConnection.open(address)).rejects.toMatchObject({ code: "action_failed" });
    }
  });
});
