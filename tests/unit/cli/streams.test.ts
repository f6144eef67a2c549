import { describe, expect, test } from "bun:test";
import { encodeFrame, frameType, readFrames } from "../../../src/frames.ts";
import { Bench } from "./support.ts";
import { InTerminal } from "./terminal.ts";

describe("session logs", () => {
  test("prints lines, without what would drive the terminal", async () => {
    await using bench = new Bench();
    bench.serve(() => new Response("xterm: hi\n\x1b]0;evil\x07\n"));
    const { stdout } = await bench.run(["session", "logs", "web", "-n", "5"]);
    expect(stdout).toBe("xterm: hi\n�]0;evil�\n");
    expect(bench.requests[0]?.path).toBe("/v1/sessions/web/logs?tail=5");
  });
});

describe("image build", () => {
  const image = { id: "sha256:abc", reference: "nexora:base", sizeBytes: 3 * 1024 ** 2 };
  const events = [
    { type: "step", step: 1, steps: 2, text: "FROM debian" },
    { type: "log", text: "unpacking" },
    { type: "layer", sizeBytes: 1024, text: "COPY\tx" },
    { type: "done", image, durationMs: 1500 },
  ];
  const ndjson = (list: unknown[]) => list.map((event) => `${JSON.stringify(event)}\n`).join("");

  test("shows progress on stderr, then the layers and the image", async () => {
    await using bench = new Bench();
    bench.serve(() => new Response(ndjson(events)));
    const { code, stdout, stderr } = await bench.run(["image", "build", "base"]);
    expect(code).toBe(0);
    expect(stdout).toBe("SIZE     LAYER\n1.0 KiB  COPY x\nnexora:base  sha256:abc  3.0 MiB\n");
    expect(stderr).toBe("step 1/2: FROM debian\n  unpacking\nbuilt in 1.5 s\n");
    expect(JSON.parse(bench.requests[0]?.body ?? "")).toEqual({ target: "base" });
  });

  test("--json gives the events, one a line", async () => {
    await using bench = new Bench();
    bench.serve(() => new Response(ndjson(events)));
    const { stdout, stderr } = await bench.run(["image", "build", "--json"]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(events);
    expect(stderr).toBe("");
  });

  test("ends with the build's error, and with one when the stream is cut off", async () => {
    await using bench = new Bench();
    const error = { code: "disk_full", message: "no space left" };
    const endings = [[{ type: "error", error }], events.slice(0, 2)];
    bench.serve(() => new Response(ndjson(endings.shift() ?? [])));
    const first = await bench.run(["image", "build"]);
    expect(first.code).toBe(20);
    expect(first.stderr).toContain("no space left");
    expect((await bench.run(["image", "build"])).stderr).toContain(
      "closed before the build finished",
    );
  });

  test("in a terminal shows a spinner, and ctrl+c ends it with 130", async () => {
    await using bench = new Bench();
    bench.serve(
      () =>
        new Response(
          new ReadableStream({ start: (c) => c.enqueue(Buffer.from(ndjson(events.slice(0, 1)))) }),
        ),
    );
    const terminal = new InTerminal(bench.folder, ["image", "build"]);
    await terminal.sees("FROM debian");
    terminal.types("\x03");
    await terminal.process.exited;
    expect(terminal.seen).toContain("nexora:");
    expect(terminal.seen).toContain("code=130");
  });
});

describe("session attach", () => {
  test("needs a terminal", async () => {
    await using bench = new Bench();
    expect((await bench.run(["session", "attach"])).code).toBe(2);
  });

  test("shows the terminal, passes keys on, and ctrl+] detaches and restores", async () => {
    await using bench = new Bench();
    bench.serve(async (request) => {
      const frames = readFrames(request.body as ReadableStream<Uint8Array>);
      await frames.next();
      const body = new ReadableStream<Uint8Array>({
        start: (controller) =>
          controller.enqueue(encodeFrame(frameType.stdout, Buffer.from("prompt$"))),
        async pull(controller) {
          const { value } = await frames.next();
          if (value)
            controller.enqueue(
              encodeFrame(
                frameType.stdout,
                Buffer.from(`<${Buffer.from(value.payload).toString("hex")}>`),
              ),
            );
        },
      });
      return new Response(body);
    });
    const terminal = new InTerminal(bench.folder, ["session", "attach", "web"]);
    await terminal.sees("prompt$");
    terminal.types("\x03");
    await terminal.sees("<03>");
    terminal.types("\x1d");
    await terminal.process.exited;
    expect(terminal.seen).toContain("detached");
    expect(terminal.seen).toContain("code=0");
    expect(terminal.seen).toMatch(/[^-]icanon/);
    expect(bench.requests[0]?.path).toBe("/v1/sessions/web/attach");
  });
});
