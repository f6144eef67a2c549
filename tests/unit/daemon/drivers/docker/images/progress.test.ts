import { describe, expect, test } from "bun:test";
import {
  BuildProgress,
  layerEvents,
} from "../../../../../../daemon/drivers/docker/images/progress.ts";

describe("a build's output", () => {
  test("becomes steps and whole lines, wherever it is cut", () => {
    const text = "Step 1/2 : FROM debian\n ---> 1234\nStep 2/2 : RUN make\nall\r\ndone\n";
    for (let size = 1; size <= text.length; size++) {
      const progress = new BuildProgress();
      const events = [];
      for (let at = 0; at < text.length; at += size) {
        events.push(...progress.push(text.slice(at, at + size)));
      }
      expect([...events, ...progress.end()]).toEqual([
        { type: "step", step: 1, steps: 2, text: "FROM debian" },
        { type: "log", text: " ---> 1234" },
        { type: "step", step: 2, steps: 2, text: "RUN make" },
        { type: "log", text: "all" },
        { type: "log", text: "done" },
      ]);
    }
  });

  test("loses its colours, and its last line needs no end", () => {
    const progress = new BuildProgress();
    expect(progress.push("\x1b[91mwarning\x1b[0m")).toEqual([]);
    expect(progress.end()).toEqual([{ type: "log", text: "warning" }]);
  });

  test("keeps the last lines of the running step for an error", () => {
    const progress = new BuildProgress(2);
    progress.push("old\nStep 2/2 : RUN make\na\nb\nc\n");
    expect(progress.tail).toEqual(["b", "c"]);
  });

  test("is bounded, whatever one line holds", () => {
    const progress = new BuildProgress();
    progress.push("x".repeat(1_000_000));
    expect(progress.end()).toEqual([{ type: "log", text: "x".repeat(4096) }]);
  });
});

describe("an image's history", () => {
  const entry = (CreatedBy: string, Size: number, Comment = "") => ({ CreatedBy, Size, Comment });

  test("becomes layers from the oldest on, without the empty ones", () => {
    const history = [
      entry('/bin/sh -c #(nop)  ENTRYPOINT ["/run"]', 0),
      entry(`/bin/sh -c #(nop) COPY file:${"a".repeat(64)} in /usr/lib/it `, 3),
      entry("|1 DEBIAN_MIRROR= /bin/sh -c apt-install     git   vim", 2),
      entry("", 1, "Imported from -"),
    ];
    expect(layerEvents(history)).toEqual([
      { type: "layer", sizeBytes: 1, text: "Imported from -" },
      { type: "layer", sizeBytes: 2, text: "RUN apt-install git vim" },
      { type: "layer", sizeBytes: 3, text: "COPY /usr/lib/it" },
    ]);
  });
});
