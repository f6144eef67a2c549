import { describe, expect, test } from "bun:test";
import { encodeSse, SseParser } from "../../../../../daemon/gateway/formats/sse.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (...pieces: string[]) => {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(bytes(piece)));
};

describe("a stream of server-sent events", () => {
  test("has names, several lines of data, and ids", () => {
    expect(parse("event: delta\nid: 7\ndata: one\ndata:two\ndata\n\n")).toEqual([
      { event: "delta", id: "7", data: "one\ntwo\n" },
    ]);
  });

  test("takes each of the three ends of lines, also cut within one", () => {
    const expected = [
      { event: null, data: "a" },
      { event: null, data: "b" },
    ];
    expect(parse("data: a\r\n\r\ndata: b\r\r")).toEqual(expected);
    expect(parse("data: a\r", "\n\r", "\ndata: b\n", "\n")).toEqual(expected);
  });

  test("leaves out comments, other fields, events without data, and a byte order mark", () => {
    const text = "\ufeff: comment\n\nretry: 10\nevent: none\n\nother\ndata: a\n\n";
    expect(parse(text)).toEqual([{ event: null, data: "a" }]);
  });

  test("drops what nothing ends", () => {
    expect(parse("data: a\n\ndata: half\n")).toEqual([{ event: null, data: "a" }]);
  });

  test("may be cut within a character", () => {
    const parser = new SseParser();
    const all = bytes("data: Zürich ☂ 🌂\n\n");
    const events = Array.from(all, (byte) => parser.push(Uint8Array.of(byte))).flat();
    expect(events).toEqual([{ event: null, data: "Zürich ☂ 🌂" }]);
  });

  test("is refused when an event has no end", () => {
    const parser = new SseParser();
    const piece = new Uint8Array(1024 * 1024).fill(97);
    expect(() => {
      for (let n = 0; n < 40; n++) parser.push(piece);
    }).toThrow("no end");
  });

  test("is written so that it is read again", () => {
    const events = [
      { event: null, data: "one\ntwo" },
      { event: "ping", id: "3", data: "" },
    ];
    expect(parse(events.map(encodeSse).join(""))).toEqual(events);
  });
});
