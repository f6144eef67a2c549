import { describe, expect, test } from "bun:test";
import { OutputStream } from "../../../docker/workstation/runner/exec/output.ts";

const block = new Uint8Array(200 * 1024);

describe("an output stream", () => {
  test("holds its producer back until the client has read", async () => {
    const output = new OutputStream(new AbortController().signal);
    await output.write(block);
    let written = false;
    const second = output.write(block).then(() => {
      written = true;
    });
    await Bun.sleep(5);
    expect(written).toBe(false);
    const reader = output.body.getReader();
    await reader.read();
    await second;
    expect(output.backlog).toBe(block.length);
  });

  test("lets its producer go on when the client has gone", async () => {
    const request = new AbortController();
    const output = new OutputStream(request.signal);
    const writing = Promise.all([output.write(block), output.write(block)]);
    request.abort();
    await writing;
    expect(output.cancelled.aborted).toBe(true);
    expect(output.backlog).toBe(0);
  });

  test("tells of a reader that cancels, but not of one that read to the end", async () => {
    const cancelled = new OutputStream(new AbortController().signal);
    await cancelled.body.cancel();
    expect(cancelled.cancelled.aborted).toBe(true);

    const request = new AbortController();
    const complete = new OutputStream(request.signal);
    complete.push(new Uint8Array(3));
    complete.end();
    expect(await new Response(complete.body).bytes()).toHaveLength(3);
    request.abort();
    expect(complete.cancelled.aborted).toBe(false);
  });
});
