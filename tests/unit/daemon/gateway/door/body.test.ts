import { expect, test } from "bun:test";
import { BodyRoom } from "../../../../../daemon/gateway/door/body.ts";
import type { GatewayError } from "../../../../../daemon/gateway/error.ts";

const maxBytes = 1024 * 1024;

function roomFor(ofOne: number, ofAll: number): BodyRoom {
  const limits = { ofOne, ofAll };
  return new BodyRoom({ coming: limits, held: limits });
}

function request(body: string | ReadableStream): Request {
  return new Request("http://x", { method: "POST", body });
}

const large = "x".repeat(600_000);
const small = "x".repeat(1000);

const refusal = (which: string): Partial<GatewayError> => ({
  kind: "rate_limited",
  message: `too many large requests ${which}`,
  retryAfterMs: 1000,
});

test("bodies of a caller are held up to a limit, and until they are released", async () => {
  const room = roomFor(1_000_000, 10_000_000);
  const held = await room.read("a", request(large), maxBytes);
  expect(held.text).toBe(large);
  const more = () => room.read("a", request(large), maxBytes);
  await expect(more()).rejects.toMatchObject(refusal("are under way"));
  await room.read("b", request(large), maxBytes);
  await room.read("a", request(small), maxBytes);
  held.release();
  held.release();
  const again = await more();
  await expect(more()).rejects.toMatchObject(refusal("are under way"));
  again.release();
});

test("bodies of all callers together have a limit, small ones too", async () => {
  const room = roomFor(1_000_000, 1_000_000);
  await room.read("a", request(large), maxBytes);
  await expect(room.read("b", request(large), maxBytes)).rejects.toMatchObject(
    refusal("are under way"),
  );
  for (let n = 0; n < 400; n++) await room.read(`c${n}`, request(small), maxBytes);
  await expect(room.read("d", request(small), maxBytes)).rejects.toMatchObject(
    refusal("are under way"),
  );
});

test("of what is larger than the limit there may be one", async () => {
  const room = roomFor(1000, 1000);
  const held = await room.read("a", request(large), maxBytes);
  await expect(room.read("b", request(small), maxBytes)).rejects.toMatchObject(
    refusal("are under way"),
  );
  held.release();
  await room.read("b", request(small), maxBytes);
});

test("bodies that are coming count by what may come, and no more when they are there", async () => {
  const room = roomFor(1_500_000, 1_500_000);
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const writer = pipe.writable.getWriter();
  const coming = room.read("a", request(pipe.readable), maxBytes);
  await expect(room.read("a", request(large), maxBytes)).rejects.toMatchObject(
    refusal("are coming in"),
  );
  await writer.write(Buffer.from(large));
  await writer.close();
  expect((await coming).text).toBe(large);
  await room.read("a", request(large), maxBytes);
});
