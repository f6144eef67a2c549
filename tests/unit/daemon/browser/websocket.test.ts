import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { WebSocketClient } from "../../../../daemon/browser/cdp/websocket.ts";

const maxMessage = 70_000;

/** A client that has shaken hands, and what it has told. */
function opened(longest = maxMessage) {
  const told: unknown[] = [];
  const sent: Uint8Array[] = [];
  const client = new WebSocketClient(
    {
      opened: () => told.push("opened"),
      message: (text) => told.push(text),
      overlong: (beginning, bytes) => told.push({ beginning, bytes }),
      send: (bytes) => sent.push(bytes),
      closed: (reason) => told.push({ closed: reason }),
    },
    longest,
  );
  return { client, told, sent, answer: answerTo(client) };
}

function answerTo(client: WebSocketClient): Buffer {
  const request = Buffer.from(client.handshake("127.0.0.1:9222", "/devtools/browser/1")).toString();
  const [, key = ""] = /Sec-WebSocket-Key: (.*)\r\n/.exec(request) ?? [];
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept.digest("base64")}\r\n\r\n`,
  );
}

/** A server's frame. */
function frame(opcode: number, payload: string | Uint8Array, final = true): Buffer {
  const bytes = Buffer.from(payload);
  const first = (final ? 0x80 : 0) | opcode;
  if (bytes.length < 126) return Buffer.concat([Buffer.from([first, bytes.length]), bytes]);
  const head = Buffer.alloc(bytes.length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = bytes.length < 65_536 ? 126 : 127;
  if (bytes.length < 65_536) head.writeUInt16BE(bytes.length, 2);
  else head.writeBigUInt64BE(BigInt(bytes.length), 2);
  return Buffer.concat([head, bytes]);
}

describe("messages", () => {
  const long = "é".repeat(20_000);
  const longest = "x".repeat(maxMessage);
  const bytes = Buffer.concat([
    frame(1, "one"),
    frame(1, "tw", false),
    frame(9, "ping"),
    frame(0, "", false),
    frame(0, "o"),
    frame(1, ""),
    frame(1, long),
    frame(1, longest),
    frame(1, `{"id":7,${"y".repeat(maxMessage)}`),
    frame(1, `{"id":8,${"z".repeat(maxMessage - 8)}`, false),
    frame(0, "zz"),
    frame(1, "last"),
  ]);
  const expected = [
    ...["opened", "one", "two", "", long, longest],
    { beginning: expect.stringMatching(/^\{"id":7,/), bytes: maxMessage + 8 },
    { beginning: expect.stringMatching(/^\{"id":8,/), bytes: maxMessage + 2 },
    "last",
  ];

  test.each([1, 2, 3, 7, 1000, 65_536, 10_000_000])(
    "come whole, also when they are cut after every %d bytes; too long ones are passed over",
    (step) => {
      const { client, told, sent, answer } = opened();
      const all = Buffer.concat([answer, bytes]);
      for (let at = 0; at < all.length; at += step) client.receive(all.subarray(at, at + step));
      expect(told).toEqual(expected);
      expect(sent.map((each) => [each[0], each[1]])).toEqual([[0x8a, 0x84]]);
    },
  );

  test.each([0, 125, 126, 65_535, 65_536])("of %d bytes are sent masked", (length) => {
    const text = "a".repeat(length);
    const sent = Buffer.from(opened().client.encode(text));
    const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    expect(sent[0]).toBe(0x81);
    expect((sent[1] ?? 0) & 0x80).toBe(0x80);
    expect(sent.length).toBe(2 + extra + 4 + length);
    const mask = sent.subarray(2 + extra, 6 + extra);
    const unmasked = sent.subarray(6 + extra).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    expect(Buffer.from(unmasked).toString()).toBe(text);
  });

  test("are answered when they are pings, of a flood only some until we say something", () => {
    const { client, sent, answer } = opened();
    const pings = Buffer.concat(Array<Buffer>(1000).fill(frame(9, "ping")));
    client.receive(Buffer.concat([answer, pings]));
    expect(sent).toHaveLength(100);
    client.encode("a command");
    client.receive(frame(9, "ping"));
    expect(sent).toHaveLength(101);
  });

  test("end when the server says so", () => {
    const { client, told, answer } = opened();
    client.receive(Buffer.concat([answer, frame(8, "\x03\xe8bye"), frame(1, "more")]));
    expect(told).toEqual(["opened", { closed: expect.stringContaining("bye") }]);
  });
});

describe("a server that breaks the protocol is found out", () => {
  test.each([
    ["a mask", Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0])],
    ["a bit of an extension", Buffer.from([0xc1, 0])],
    ["a continuation of nothing", frame(0, "x")],
    ["a message within a message", Buffer.concat([frame(1, "a", false), frame(1, "b")])],
    ["a long ping", frame(9, "x".repeat(126))],
    ["a ping in pieces", frame(9, "x", false)],
    ["a length beyond all bounds", Buffer.from([0x81, 127, 255, 0, 0, 0, 0, 0, 0, 0])],
  ])("%s", (_, bytes) => {
    const { client, answer } = opened();
    client.receive(answer);
    expect(() => client.receive(bytes)).toThrow("does not speak its protocol");
  });

  test.each([
    [
      "frames",
      (pieces: number) => [frame(1, "", false), ...Array(pieces).fill(frame(0, "x", false))],
    ],
    ["bytes", (pieces: number) => [frame(1, "x".repeat(pieces + 1)).subarray(0, -1)]],
  ])("a message that comes in too many %s", (what, made) => {
    const receive = (pieces: number) => {
      const { client, answer } = opened(1_000_000);
      client.receive(answer);
      const bytes = Buffer.concat(made(pieces));
      const step = what === "bytes" ? 1 : bytes.length;
      for (let at = 0; at < bytes.length; at += step) client.receive(bytes.subarray(at, at + step));
    };
    receive(100_000);
    expect(() => receive(100_001)).toThrow("too many pieces");
  });

  test.each([
    "HTTP/1.1 404 Not Found\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
    `HTTP/1.1 101 ${"x".repeat(20_000)}`,
  ])("an answer that is none", (answer) => {
    expect(() => opened().client.receive(Buffer.from(answer))).toThrow("protocol");
  });
});
