import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Bench } from "./support.ts";

const picture = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]);
const window = { id: "0x1", title: "shell", class: "XTerm" };
const block = { window: "0x1", title: "shell", class: "XTerm", degraded: null };
const facts = {
  ...{ rev: "r1", textRev: "t1", changed: null, gone: null, boxes: null, degraded: null, window },
  text: [{ ...block, lines: ["hällo", ""] }],
};

/** A daemon with one screen, as daemon/http serves it. */
function serveScreen(bench: Bench): void {
  bench.serve((request, url) => {
    if (url.searchParams.get("since") === "r1") {
      const headers = { "x-nexora-rev": "r1", "x-nexora-meta": '{"rev":"r1","changed":false}' };
      return new Response(null, { status: 204, headers });
    }
    const accept = request.headers.get("accept") ?? "";
    if (accept.startsWith("image/")) {
      const meta = '{"rev":"r1","image":{"format":"png"}}';
      const headers = { "content-type": accept, "x-nexora-rev": "r1", "x-nexora-meta": meta };
      return new Response(picture, { headers });
    }
    const base64 = Buffer.from(picture).toString("base64");
    const image = url.searchParams.get("image") === "false" ? null : { format: "png", base64 };
    return Response.json({ ...facts, image });
  });
}

describe("screen", () => {
  test("on a terminal prints the text, and the picture's path on stderr", async () => {
    await using bench = new Bench();
    serveScreen(bench);
    const { stdout, stderr } = await bench.run(["screen"], { terminal: true });
    expect(stdout).toBe("hällo\n");
    expect(await Bun.file(stderr.trim()).bytes()).toEqual(picture);
  });

  test("in a pipe prints the picture's path", async () => {
    await using bench = new Bench();
    serveScreen(bench);
    const { stdout } = await bench.run(["screen"]);
    expect(await Bun.file(stdout.trim()).bytes()).toEqual(picture);
  });

  test("--text prints the text and asks for no picture", async () => {
    await using bench = new Bench();
    serveScreen(bench);
    expect((await bench.run(["screen", "--text"])).stdout).toBe("hällo\n");
    expect(bench.requests[0]?.path).toContain("image=false");
  });

  test("--json gives the text and the picture's path, not its bytes", async () => {
    await using bench = new Bench();
    serveScreen(bench);
    const { data } = JSON.parse((await bench.run(["screen", "--json"])).stdout);
    expect(data).toMatchObject({ rev: "r1", text: [{ lines: ["hällo", ""] }] });
    expect(data.image).toEqual({ format: "png" });
    expect(await Bun.file(data.path).bytes()).toEqual(picture);
  });

  test("-o FILE writes the picture in the format of its name", async () => {
    await using bench = new Bench();
    serveScreen(bench);
    const path = join(bench.folder, "shot.jpg");
    expect((await bench.run(["screen", "-o", path])).stdout).toBe(`${path}\n`);
    expect(await Bun.file(path).bytes()).toEqual(picture);
    expect(bench.requests[0]?.path).toContain("format=jpeg");
    expect(readdirSync(bench.folder).filter((name) => name.startsWith(".nexora-"))).toEqual([]);
  });

  test("-o - writes bytes to a pipe and refuses a terminal", async () => {
    await using bench = new Bench();
    serveScreen(bench);
    expect(new Uint8Array((await bench.run(["screen", "-o", "-"])).bytes)).toEqual(picture);
    const refused = await bench.run(["screen", "-o", "-"], { terminal: true });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
  });

  test("without change writes nothing and says so", async () => {
    await using bench = new Bench();
    serveScreen(bench);
    const path = join(bench.folder, "shot.png");
    const { code, stderr } = await bench.run(["screen", "--since", "r1", "-o", path]);
    expect(code).toBe(0);
    expect(stderr).toContain("no change since r1");
    expect(await Bun.file(path).exists()).toBe(false);
  });

  test.each([
    ["missing/shot.png", 4, "its folder does not exist"],
    ["folder", 5, "it is a folder"],
  ])("-o %s is a clear error", async (name, code, why) => {
    await using bench = new Bench();
    serveScreen(bench);
    mkdirSync(join(bench.folder, "folder"));
    const run = await bench.run(["screen", "-o", join(bench.folder, name)]);
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(why);
  });

  test("keeps a bounded number of pictures", async () => {
    await using bench = new Bench();
    serveScreen(bench);
    const folder = join(bench.paths.cache, "screens");
    for (let at = 0; at < 60; at++) {
      await Bun.write(join(folder, `screen-20200101T0000${at}.png`), "old");
    }
    await bench.run(["screen"]);
    expect(readdirSync(folder)).toHaveLength(50);
  });
});

test("rows that were chosen have their numbers, what is highlighted has marks, and the cursor is told", async () => {
  await using bench = new Bench();
  const text = [
    {
      ...block,
      lines: ["pick: Yes No", "漢字"],
      rows: [3, 7],
      marks: [{ row: 3, at: 6, text: "Yes" }],
      cursor: { row: 7, column: 5, line: 2 },
    },
  ];
  bench.serve(() => Response.json({ ...facts, text, image: null }));
  const marked = await bench.run(["screen", "--marks", "--cursor"]);
  expect(marked.stdout).toBe("pick: «Yes» No\n漢字\n[cursor: row 2, column 5]\n");
  expect(bench.requests[0]?.path).toContain("image=false");
  const found = await bench.run(["screen", "--grep", "i", "--since", "t0"]);
  expect(found.stdout).toBe("3:pick: «Yes» No\n7:漢字\n[cursor: row 7, column 5]\n");
  expect(found.stderr).toBe("rev t1\n");
});

describe("of several windows", () => {
  const dialog = { window: "0x2", title: "Save\x1b[2J?", class: "Zenity", degraded: "why" };
  const serve = (bench: Bench, more: object = {}) =>
    bench.serve(() => {
      const text = [...facts.text, { ...dialog, lines: ["Cancel", "OK"] }];
      return Response.json({ ...facts, text, image: null, ...more });
    });

  test("each text has a heading, without what a terminal would obey, and the focused one a star", async () => {
    await using bench = new Bench();
    serve(bench);
    const { stdout, stderr } = await bench.run(["screen", "--text"]);
    expect(stdout).toBe("[0x1 * XTerm: shell]\nhällo\n\n[0x2 Zenity: Save[2J?]\nCancel\nOK\n");
    expect(stderr).toBe("text: 0x2: why\n");
  });

  test("only those are printed that have something chosen; who has gone is told", async () => {
    await using bench = new Bench();
    const text = [
      { ...block, lines: [], rows: [] },
      { ...dialog, degraded: null, lines: ["OK"], rows: [2] },
    ];
    serve(bench, { text, gone: ["0x3"] });
    const { stdout, stderr } = await bench.run(["screen", "--since", "t0"]);
    expect(stdout).toBe("[0x2 Zenity: Save[2J?]\n2:OK\n");
    expect(stderr).toBe("0x3 shows no more (closed, minimized or covered)\nrev t1\n");
  });
});
