import { expect, test } from "bun:test";
import { firstFrame } from "../../../../daemon/exec/first-frame.ts";
import { OutputBuffer } from "../../../../daemon/exec/output-buffer.ts";
import { encodeFrame, encodeJsonFrame, frameJson, frameType } from "../../../../src/frames.ts";

const bytes = Buffer.concat([
  encodeJsonFrame(frameType.spec, { command: ["cat"] }),
  encodeFrame(frameType.stdin, new Uint8Array([1, 2, 3])),
]);
const inChunks = (size: number, of: Uint8Array = bytes) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < of.length; at += size)
        controller.enqueue(new Uint8Array(of.subarray(at, at + size)));
      controller.close();
    },
  });

test.each([1, 3, 25, 1000])(
  "the first frame comes off in chunks of %d, the rest is untouched",
  async (size) => {
    const { frame, behind } = await firstFrame(inChunks(size));
    expect(frameJson(frame)).toEqual({ command: ["cat"] });
    const left = new Uint8Array(await new Response(behind(new Uint8Array([9]))).arrayBuffer());
    expect([...left]).toEqual([9, frameType.stdin, 0, 0, 0, 3, 1, 2, 3]);
  },
);

test("a stream without a whole frame is a usage error", async () => {
  expect(firstFrame(inChunks(4, bytes.subarray(0, 9)))).rejects.toMatchObject({ code: "usage" });
  expect(firstFrame(null)).rejects.toMatchObject({ code: "usage" });
});

test("output that is UTF-8 stays text, other bytes become base64", () => {
  const text = new OutputBuffer(100);
  text.add(Buffer.from("äö").subarray(0, 3));
  text.add(Buffer.from("äö").subarray(3));
  expect(text.text()).toEqual({ text: "äö", encoding: "utf8" });
  const binary = new OutputBuffer(100);
  binary.add(new Uint8Array([0xff, 0]));
  expect(binary.text()).toEqual({ text: "/wA=", encoding: "base64" });
});

test("output over the limit is cut and says so", () => {
  const output = new OutputBuffer(4);
  output.add(Buffer.from("abc"));
  expect(output.truncated).toBe(false);
  output.add(Buffer.from("def"));
  expect([output.text().text, output.truncated]).toEqual(["abcd", true]);
});
