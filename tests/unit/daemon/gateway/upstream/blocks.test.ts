import { describe, expect, test } from "bun:test";
import { Blocks } from "../../../../../daemon/gateway/upstream/blocks.ts";

const cut = (pieces: Uint8Array[], maxBytes = 1000) => {
  const blocks = new Blocks(maxBytes, () => new RangeError("too long"));
  return pieces.map((piece) => blocks.push(piece).map((block) => Buffer.from(block).toString()));
};

describe("an event stream", () => {
  test("is cut behind the blank line of each event", () => {
    const bytes = Buffer.from(": hi\n\nevent: a\ndata: 1\n\ndata: 2\n\ndata: hal");
    expect(cut([bytes])).toEqual([[": hi\n\n", "event: a\ndata: 1\n\n", "data: 2\n\n"]]);
  });

  test("may have lines that end in CR LF, or CR", () => {
    expect(cut([Buffer.from("data: 1\r\n\r\ndata: 2\r\n\r\n")])).toEqual([
      ["data: 1\r\n\r\n", "data: 2\r\n\r\n"],
    ]);
    expect(cut([Buffer.from("data: 1\r\rdata: 2\r\r")])).toEqual([["data: 1\r\r", "data: 2\r\r"]]);
  });

  test.each(["\n", "\r\n", "\r"])(
    "is the same however it is split, with lines that end in %j",
    (end) => {
      const events = ["data: 1", `event: é${end}data: 2`, ": ping", "data: [DONE]"];
      const whole = Buffer.from(events.map((event) => event + end + end).join(""));
      for (let first = 0; first <= whole.length; first++) {
        for (let second = first; second <= whole.length; second += 3) {
          const pieces = [
            whole.subarray(0, first),
            whole.subarray(first, second),
            whole.subarray(second),
          ];
          const blocks = cut(pieces).flat();
          expect(blocks.join("")).toBe(whole.toString());
          // A line feed that came late may be a block of its own.
          const events = blocks.filter((block) => block !== "\n");
          expect(events).toHaveLength(4);
        }
      }
    },
  );

  test("does not hold an event back for the second half of its last line's end", () => {
    expect(cut([Buffer.from("data: 1\r\n\r"), Buffer.from("\n")])).toEqual([
      ["data: 1\r\n\r"],
      ["\n"],
    ]);
  });

  test("with an event that has no end is not held for ever", () => {
    const endless = Buffer.from("data: xxxxxxxxxx");
    expect(() =>
      cut(
        Array.from({ length: 10 }, () => endless),
        100,
      ),
    ).toThrow("too long");
  });
});
