import { describe, expect, test } from "bun:test";
import { encodeFrame, encodeNumber } from "../../../src/tunnel/frame.ts";
import { Mux } from "../../../src/tunnel/mux.ts";
import { frameType, limits, TunnelError } from "../../../src/tunnel/protocol.ts";
import { seeded } from "../rfb/random.ts";
import { Pair, Party } from "./harness.ts";

const seed = Number(process.env.FUZZ_SEED ?? 20_261_121);
const bytes = (text: string) => new TextEncoder().encode(text);

/** A side of a tunnel that accepts all streams, and bytes that a hostile other side sends to it. */
function victim(): { mux: Mux; parties: Party[] } {
  const parties: Party[] = [];
  const mux = new Mux("outside", {
    wake: () => {},
    control: () => {},
    opened: (stream) => {
      const party = new Party();
      party.stream = stream;
      parties.push(party);
      return party;
    },
  });
  return { mux, parties };
}

const opening = (id: number) => encodeFrame(frameType.open, id, bytes("echo"));
const data = (id: number, length: number) =>
  encodeFrame(frameType.data, id, new Uint8Array(length));

describe("a stream", () => {
  test("carries bytes both ways and names its service", () => {
    const pair = new Pair();
    const { inside, outside } = pair.connect();
    inside.stream?.send(bytes("question"));
    outside.stream?.send(bytes("answer"));
    pair.move();
    inside.consumeAll();
    outside.consumeAll();
    expect([outside.stream?.service, outside.text, inside.text]).toEqual([
      ...["echo", "question", "answer"],
    ]);
  });

  test("ends in one direction, and goes on in the other", () => {
    const pair = new Pair();
    const { inside, outside } = pair.connect();
    inside.stream?.send(bytes("all of it"));
    inside.stream?.end();
    inside.stream?.send(bytes("too late"));
    pair.move();
    expect([outside.hasEnded, inside.hasEnded]).toEqual([true, false]);
    outside.consumeAll();
    expect(outside.text).toBe("all of it");
    outside.stream?.send(bytes("afterwards"));
    outside.stream?.end();
    pair.move();
    inside.consumeAll();
    expect([inside.text, inside.hasEnded]).toEqual(["afterwards", true]);
    inside.stream?.release("done");
    outside.stream?.release("done");
    expect([pair.inside.size, pair.outside.size]).toEqual([0, 0]);
    expect([inside.lostFor, outside.lostFor]).toEqual([null, null]);
  });

  test("is held back when nobody reads, and goes on when somebody does", () => {
    const pair = new Pair();
    const { inside, outside } = pair.connect();
    const all = new Uint8Array(limits.window * 3).fill(7);
    outside.stream?.send(all);
    pair.move();
    expect(inside.held.length).toBe(limits.window);
    expect(outside.stream?.waiting).toBe(limits.window * 2);
    expect(outside.drains).toBe(0);
    for (let read = 0; read < all.length; read += limits.window) {
      inside.consumeAll();
      pair.move();
    }
    expect(inside.read.reduce((sum, part) => sum + part.length, 0)).toBe(all.length);
    expect([outside.stream?.waiting, outside.drains]).toEqual([0, 1]);
  });

  test("that is not read does not hold others up", () => {
    const pair = new Pair();
    const stalled = pair.connect();
    const lively = pair.connect();
    stalled.outside.stream?.send(new Uint8Array(limits.window * 4));
    pair.move();
    lively.outside.stream?.send(bytes("through"));
    pair.move();
    lively.inside.consumeAll();
    expect(lively.inside.text).toBe("through");
  });

  test("with little to send takes its turn beside one with much", () => {
    const pair = new Pair();
    const large = pair.connect();
    const small = pair.connect();
    large.outside.stream?.send(new Uint8Array(limits.window));
    pair.carryIn();
    small.outside.stream?.send(bytes("quick"));
    pair.carryIn();
    pair.carryIn();
    expect(small.inside.held.length).toBe(5);
    expect(large.inside.held.length).toBeLessThan(limits.window);
  });

  test.each(["inside", "outside"] as const)("reset by the %s is lost to the other", (side) => {
    const pair = new Pair();
    const ends = pair.connect();
    const other = side === "inside" ? ends.outside : ends.inside;
    ends[side].stream?.send(bytes("never read"));
    ends[side].stream?.reset(`the ${side} gave up`);
    other.stream?.send(bytes("under way"));
    pair.move();
    expect(other.lostFor).toBe(`the ${side} gave up`);
    expect([ends[side].lostFor, ends[side].held.length]).toEqual([null, 0]);
    for (const { stream } of [ends.inside, ends.outside]) stream?.release("done");
    expect([pair.inside.size, pair.outside.size]).toEqual([0, 0]);
  });

  test("that is released sends what comes before its end, then tells that it reads no more", () => {
    const pair = new Pair();
    const { inside, outside } = pair.connect();
    outside.stream?.send(new Uint8Array(limits.window + 1));
    outside.stream?.end();
    outside.stream?.release("it was answered");
    pair.move();
    expect([inside.held.length, inside.hasEnded]).toEqual([limits.window, false]);
    inside.consumeAll();
    pair.move();
    expect([inside.held.length, inside.hasEnded]).toEqual([1, true]);
    expect([inside.lostFor, inside.stream?.receivedAll]).toEqual(["it was answered", true]);
    expect(pair.outside.size).toBe(0);
  });

  test("keeps its place until its user is done", () => {
    const pair = new Pair();
    const { inside, outside } = pair.connect();
    inside.stream?.reset("gone");
    inside.stream?.release("gone");
    pair.move();
    expect([pair.inside.size, pair.outside.size]).toEqual([0, 1]);
    outside.stream?.release("done");
    expect(pair.outside.size).toBe(0);
  });
});

describe("a tunnel", () => {
  test("carries a control value each way", () => {
    const pair = new Pair();
    pair.outside.control([{ name: "echo", port: 9000 }]);
    pair.inside.control([]);
    pair.move();
    expect(pair.controls.sort()).toEqual(["[]", '[{"name":"echo","port":9000}]']);
  });

  test("refuses a stream with a reason, which frees its place", () => {
    const pair = new Pair();
    pair.refusal = "there is no such service";
    const party = pair.open("nothing");
    pair.move();
    expect([party.lostFor, pair.outside.size]).toEqual(["there is no such service", 0]);
  });

  test("has so many streams at once and no more", () => {
    const pair = new Pair();
    const parties = Array.from({ length: limits.streams }, () => pair.open());
    expect(pair.open().stream).toBeNull();
    pair.move();
    expect(pair.outside.size).toBe(limits.streams);
    // The inside is done with one, the outside is not: there is no place for another yet.
    parties[0]?.stream?.reset("gone");
    parties[0]?.stream?.release("gone");
    pair.move();
    const early = pair.open();
    pair.move();
    expect(early.lostFor).toBe("too many streams are open");
    early.stream?.release("gone");
    pair.accepted[0]?.stream?.release("done");
    const late = pair.open();
    pair.move();
    expect([late.lostFor, pair.outside.size]).toEqual([null, limits.streams]);
  });

  test("answers pings, many of them with one frame", () => {
    const { mux } = victim();
    for (let i = 0; i < 1000; i++) mux.receive(encodeFrame(frameType.ping, 0));
    expect(mux.take(1_000_000)).toEqual(encodeFrame(frameType.pong, 0));
    expect(mux.take(1)).toBeNull();
  });

  test("that is closed loses every stream and opens none", () => {
    const pair = new Pair();
    const { inside } = pair.connect();
    pair.inside.close("the connection was lost");
    expect(inside.lostFor).toBe("the connection was lost");
    inside.stream?.send(bytes("into the void"));
    inside.stream?.release("done");
    expect([pair.inside.take(1), pair.inside.size, pair.open().stream]).toEqual([null, 0, null]);
  });
});

describe("a hostile other side", () => {
  const frame = encodeFrame;
  test.each<[string, Uint8Array[]]>([
    ["floods a stream beyond its window", [opening(1), ...Array(5).fill(data(1, limits.payload))]],
    ["sends a frame that is too long", [new Uint8Array([5, 0, 0, 0, 1, 0, 1, 0, 0])]],
    ["sends an empty data frame", [opening(1), data(1, 0)]],
    ["sends data on a stream that was never opened", [data(1, 10)]],
    ["opens a stream out of turn", [opening(2)]],
    ["opens a stream twice", [opening(1), opening(1)]],
    ["opens the stream 0", [opening(0)]],
    ["goes on after its end", [opening(1), frame(frameType.end, 1), data(1, 1)]],
    ["ends twice", [opening(1), frame(frameType.end, 1), frame(frameType.end, 1)]],
    ["makes more room than there is", [opening(1), frame(frameType.window, 1, encodeNumber(1))]],
    ["sends half a number", [opening(1), frame(frameType.window, 1, new Uint8Array(2))]],
    ["sends data on stream 0", [data(0, 1)]],
    ["pings on a stream", [opening(1), frame(frameType.ping, 1)]],
    ["sends a ping with a load", [frame(frameType.ping, 0, new Uint8Array(1))]],
    ["sends a frame of no type", [opening(1), Uint8Array.from([9, 0, 0, 0, 1, 0, 0, 0, 0])]],
  ])("that %s is cut off", (_, sent) => {
    const { mux } = victim();
    expect(() => sent.forEach((part) => void mux.receive(part))).toThrow(TunnelError);
  });

  test("that opens streams without hearing of their refusal is cut off", () => {
    const { mux, parties } = victim();
    let opened = 0;
    expect(() => {
      for (;;) mux.receive(opening(++opened));
    }).toThrow("streams are opened in a flood");
    expect(parties.length).toBe(limits.streams);
    expect(opened).toBe(limits.streams * 2 + 1);
  });

  test("cannot make it hold more than the windows of its streams", () => {
    const { mux, parties } = victim();
    const one = Buffer.concat(Array.from({ length: limits.window }, () => data(1, 1)));
    for (let id = 1; id <= 2; id++) {
      mux.receive(opening(id));
      for (let at = 4; at < one.length; at += 10) one[at] = id;
      mux.receive(one);
    }
    expect(parties.map(({ held }) => held.length)).toEqual(Array(2).fill(limits.window));
    // Bytes that came one by one lie together.
    for (const { held } of parties) {
      let blocks = 0;
      while (held.take()) blocks++;
      expect(blocks).toBeLessThan(limits.window / 16_384 + 2);
    }
    expect(() => mux.receive(data(2, 1))).toThrow("more than its window");
  });

  test("that the inside meets cannot open streams", () => {
    const { inside } = new Pair();
    expect(() => inside.receive(opening(1))).toThrow("only the inside opens streams");
  });
});

/** One direction of a stream of the storm. */
interface Direction {
  from: Party;
  to: Party;
  sent: Uint8Array[];
}

test(`random interleavings deliver every byte in order (seed ${seed})`, () => {
  const random = seeded(seed);
  let whole = 0;
  for (let round = 0; round < 15; round++) {
    const pair = new Pair();
    const directions: Direction[] = [];
    const reset = new Set<Party>();
    const any = () => directions[random(directions.length || 1)];
    const cut = (length: number) => 1 + random(random(3) === 0 ? 7 : length);
    const steps: (() => void)[] = [
      () => {
        if (directions.length >= 60) return;
        const outside = new Party();
        pair.next.push(outside);
        const inside = pair.open();
        directions.push({ from: inside, to: outside, sent: [] });
        directions.push({ from: outside, to: inside, sent: [] });
      },
      () => void pair.carryOut(cut),
      () => void pair.carryIn(cut),
      () => {
        const direction = any();
        if (!direction?.from.stream || direction.from.closed) return;
        const chunk = new Uint8Array(1 + random(random(4) === 0 ? 300_000 : 2000));
        direction.sent.push(chunk.fill(random(256)));
        direction.from.stream.send(chunk);
      },
      () => any()?.to.consume(1 + random(100_000)),
      () => {
        const party = any()?.from;
        if (!party?.stream || random(4) > 0) return;
        party.closed = true;
        if (random(3) > 0) return party.stream.end();
        reset.add(party);
        party.stream.reset("by chance");
      },
    ];
    for (let step = 0; step < 600; step++) steps[random(steps.length)]?.();
    for (let moved = true; moved; ) {
      for (const { from } of directions) from.stream?.end();
      for (const { to } of directions) to.consumeAll();
      moved = [pair.carryOut(), pair.carryIn()].includes(true);
    }
    for (const { from, to, sent } of directions) {
      if (reset.has(from) || reset.has(to)) continue;
      expect(Bun.hash(Buffer.concat(to.read))).toBe(Bun.hash(Buffer.concat(sent)));
      expect([to.hasEnded, to.lostFor]).toEqual([true, null]);
      whole++;
    }
    for (const { from } of directions) from.stream?.release("done");
    pair.move();
    expect([pair.inside.size, pair.outside.size]).toEqual([0, 0]);
  }
  expect(whole).toBeGreaterThan(150);
});

test(`corrupted bytes are understood or end with one TunnelError (seed ${seed})`, () => {
  const random = seeded(seed);
  let failed = 0;
  for (let i = 0; i < 3000; i++) {
    const { mux, parties } = victim();
    const frames: Uint8Array[] = [];
    for (let id = 1; id <= 1 + random(4); id++) {
      frames.push(opening(id), data(id, 1 + random(500)));
      if (random(2) === 0) frames.push(encodeFrame(frameType.end, id));
      if (random(4) === 0) frames.push(encodeFrame(frameType.reset, id, bytes("by chance")));
    }
    const stream = Buffer.concat(frames);
    for (let flips = random(5); flips > 0; flips--) stream[random(stream.length)] = random(256);
    try {
      for (let at = 0; at < stream.length; ) {
        const part = stream.subarray(at, at + 1 + random(200));
        at += part.length;
        mux.receive(part);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(TunnelError);
      failed++;
    }
    for (const { held } of parties) expect(held.length).toBeLessThanOrEqual(limits.window);
    expect(mux.size).toBeLessThanOrEqual(limits.streams);
  }
  expect(failed).toBeGreaterThan(100);
  expect(failed).toBeLessThan(3000);
});
