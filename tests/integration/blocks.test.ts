import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import type { ScreenOutput, TextBlock } from "../../src/contract/screen.ts";
import { TestDaemon } from "../support/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "all", workspace: null, size: { width: 1280, height: 800 } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const path = "/v1/sessions/all";
const post = <T>(verb: string, body: object = {}) =>
  daemon.call<T>("POST", `${path}/${verb}`, body);
const look = (query = "") =>
  daemon.call<ScreenOutput>("GET", `${path}/screen?image=false&${query}`);
const act = (window: string, action: string, body: object = {}) =>
  post(`windows/${encodeURIComponent(window)}/${action}`, body);
const type = (text: string, more: object = {}) => post<Output<"type">>("type", { text, ...more });
const titled = ({ text }: ScreenOutput, title: string) =>
  text?.find((block) => block.title === title);

/** Looks again until it holds; the desktop's programs take their time. */
async function until(holds: (seen: ScreenOutput) => boolean, query = ""): Promise<ScreenOutput> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const seen = await look(query);
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(seen, null, 1)}`);
    await Bun.sleep(20);
  }
}

/** Opens a terminal that is not maximized as others are and shows these lines, and resolves when it does. */
async function open(title: string, at: string, lines: readonly string[]): Promise<TextBlock> {
  const show = `printf '%s\\n' ${lines.join(" ")}; exec cat`;
  const command = [`exec xterm -class Own -T ${title} -geometry ${at} -e ${JSON.stringify(show)}`];
  await post("exec", { command, detach: true });
  const last = lines.at(-1) ?? "";
  const seen = await until((it) => titled(it, title)?.lines.includes(last) === true);
  return titled(seen, title) as TextBlock;
}

/** Fills the terminal that is there from the beginning with long rows, which begin with their number. */
const fill = () =>
  type(`clear; seq -f 'row-%.0f ${"-".repeat(100)}' 30\n`, { wait: { prompt: true } });

const main = "nexora@all: /workspace";
const opened = new Set(["one", "two"]);
afterEach(async () => {
  const { windows } = await daemon.call<Output<"windows">>("GET", `${path}/windows`);
  for (const { id, title } of windows) {
    // One that is closing by itself may be gone before us.
    if (opened.has(title)) await act(id, "close").catch(() => {});
  }
  await until(({ text, window }) => text?.length === 1 && window?.title === main);
});

describe("every window that shows has a block", () => {
  test("the focused one's first, each terminal's exact", async () => {
    await open("one", "40x5+50+300", ["a", "b"]);
    await open("two", "40x5+700+300", ["c"]);
    const seen = await until(({ window }) => window?.title === "two");
    expect(seen.text?.map(({ title }) => title)).toEqual(["two", "one", main]);
    expect(seen.text?.every(({ source }) => source === "terminal")).toBe(true);
    expect(titled(seen, "one")).toMatchObject({ lines: ["a", "b", "", "", ""], degraded: null });
    expect(titled(seen, "two")?.terminal).toMatchObject({ columns: 40, rows: 5 });
  });

  test("what a window covers is not in the text, and that is said", async () => {
    await fill();
    const whole = await look();
    const one = await open("one", "40x5+0+300", ["a"]);
    const { lines, rows, degraded } = titled(await look(), main) ?? {};
    expect(degraded).toContain(`rows are hidden, wholly or in part, by ${one.window}`);
    expect(rows).toBeNull();
    const before = whole.text?.[0]?.lines ?? [];
    const differs = before.flatMap((line, at) => (lines?.[at] === line ? [] : [at]));
    // What the smaller window leaves free of these rows is in its place.
    for (const at of differs) expect(before[at]?.trimStart()).toEndWith(lines?.[at]?.trim() ?? "");
    expect(differs.length).toBeGreaterThan(2);
    expect(lines).toContain(before[0] ?? "");
  });

  test("a window that is covered wholly, or minimized, has none", async () => {
    await open("one", "40x5+50+300", ["a"]);
    await open("two", "40x5+700+300", ["b"]);
    await act("two", "maximize");
    const covered = await until(({ text }) => text?.length === 1);
    expect(covered.text?.[0]?.title).toBe("two");
    await act("two", "minimize");
    const seen = await until((it) => titled(it, "two") === undefined);
    expect(titled(seen, "one")?.lines[0]).toBe("a");
  });

  test("a menu covers, too, although no window manager has it", async () => {
    await type("clear; seq 40\n", { wait: { prompt: true } });
    const { region } = (await look()).window ?? {};
    const bar = { x: (region?.x ?? 0) + 300, y: (region?.y ?? 0) - 8 };
    await post("click", { at: bar, button: "right" });
    const seen = await until((it) => it.text?.[0]?.degraded?.includes("hidden") === true);
    expect(seen.text).toHaveLength(1);
    await post("key", { keys: ["Escape"] });
    await until((it) => it.text?.[0]?.degraded === null);
  });
});

describe("a look at one window", () => {
  test("has its text alone, also what a look at all would choose rows from", async () => {
    await open("one", "40x5+50+300", ["apple", "pear"]);
    const seen = await look("window=one&grep=p.*r");
    expect(seen.text).toMatchObject([{ title: "one", lines: ["pear"], rows: [2] }]);
    // Its frame is put around it after it has been there.
    const { text, image } = await until(
      ({ text, image }) => image?.offsetX === text?.[0]?.region?.x,
      "image=true&window=one",
    );
    expect(image?.width).toBe(text?.[0]?.region?.width ?? 0);
  });

  test("that is not there, or is not the only one, says what there is", async () => {
    await open("one", "40x5+50+300", ["a"]);
    await expect(look("window=three")).rejects.toMatchObject({
      code: "not_found",
      hint: expect.stringContaining('"one"'),
    });
    await expect(look("window=o")).rejects.toMatchObject({ code: "conflict" });
    const then = { text: "x", thenScreen: { image: false, window: "three" } };
    await expect(post("type", then)).rejects.toMatchObject({ code: "not_found" });
    await post("key", { keys: ["BackSpace"] });
  });
});

describe("since a look", () => {
  test("only the windows that have changed are told of, and who has gone", async () => {
    await fill();
    await open("one", "40x5+50+300", ["a"]);
    const two = await open("two", "40x5+700+300", ["b"]);
    await until(({ window }) => window?.title === "two");
    const { textRev: rev } = await look();
    expect(await look(`since=${rev}`)).toMatchObject({
      changed: false,
      text: [{ title: "two", lines: [] }],
      gone: [],
    });
    await type("more\n");
    const seen = await until(
      (it) => it.changed === true && it.text?.[0]?.lines.length === 2,
      `since=${rev}`,
    );
    expect(seen.text).toMatchObject([{ title: "two", lines: ["more", "more"], rows: [2, 3] }]);
    await act("two", "close");
    // What it has covered is new on the screen.
    const isFree = (it: ScreenOutput) => it.gone?.length === 1 && titled(it, main) !== undefined;
    const later = await until(isFree, `since=${seen.textRev}`);
    expect(later.gone).toEqual([two.window ?? ""]);
    expect(titled(later, "one")?.lines ?? []).toEqual([]);
  });

  test("a frame's rev stands for the text that was there, too", async () => {
    await type("clear; echo before\n", { wait: { all: true, prompt: true, stableMs: 100 } });
    const { rev } = await daemon.call<ScreenOutput>("GET", `${path}/screen`);
    await type("echo after\n", { wait: { prompt: true } });
    const [block] = (await look(`since=${rev}`)).text ?? [];
    expect(block?.lines).toContain("after");
    expect(block?.lines).not.toContain("before");
  });

  test("an unknown rev gives all, and says so; no more characters come than were asked for", async () => {
    await type("clear; seq 20\n", { wait: { prompt: true } });
    const { text, degraded } = await look("since=t0&maxOutput=60");
    expect(degraded).toContain('"t0" is not known any more');
    expect(text?.[0]?.lines.slice(-3, -1)).toEqual(["19", "20"]);
    expect(text?.[0]?.degraded).toContain("rows are left out");
  });
});

describe("a terminal that is scrolled back", () => {
  const inMain = { window: main, at: { x: 200, y: 200 } };
  const shows = async () => titled(await look(), main)?.degraded ?? null;
  const picture = async () => {
    const query = `text=false&window=${encodeURIComponent(main)}`;
    return (await daemon.call<ScreenOutput>("GET", `${path}/screen?${query}`)).image?.base64;
  };

  test("is not taken for exact, until it shows the end again", async () => {
    const count = () => type("clear; seq -f 'line-%g' 200\n", { wait: { prompt: true } });
    await count();
    expect(await shows()).toBeNull();
    await post("scroll", { direction: "up", notches: 2, ...inMain });
    expect(await shows()).toContain("somebody has scrolled it");
    await expect(post("click", { on: "line-190" })).rejects.toMatchObject({
      code: "action_failed",
      message: expect.stringContaining("may show older rows"),
    });
    await count();
    expect(await shows()).toBeNull();
    await post("click", { on: "line-190" });
    await post("key", { keys: ["shift+Prior"] });
    expect(await shows()).toContain("somebody has scrolled it");
  });

  test("by pixels has moved by as many, as near as notches come, and stops at the end", async () => {
    await type("clear; seq -f 'line-%g' 300\n", {
      wait: { prompt: true, stableMs: 200, all: true },
    });
    const bottom = await picture();
    type Scrolled = Output<"scroll">["scrolled"];
    const scroll = async (direction: string, pixels: number): Promise<Scrolled> =>
      (await post<Output<"scroll">>("scroll", { direction, pixels, ...inMain })).scrolled;
    const up = await scroll("up", 300);
    expect(Math.abs((up?.pixels ?? 0) - 300)).toBeLessThan(60);
    expect(await scroll("down", 10_000)).toMatchObject({ pixels: up?.pixels });
    expect(await picture()).toBe(bottom);
    await expect(post("scroll", { direction: "up", pixels: 5, notches: 1 })).rejects.toMatchObject({
      code: "usage",
    });
  });
});

describe("a text is clicked", () => {
  const click = (body: object) => post<Output<"click">>("click", body);

  test("in whatever window it stands, also where another covers some of it", async () => {
    await fill();
    const one = await open("one", "40x5+0+300", ["apple", "pear"]);
    await open("two", "40x5+700+300", ["cherry"]);
    const { over } = await click({ on: "pear" });
    expect(over?.id).toBe(one.window ?? "");
    await until(({ window }) => window?.title === "one");
    expect((await click({ on: "row-2", window: main }).catch((it) => it)).code).toBe("conflict");
    expect((await click({ on: "row-3", window: "one" }).catch((it) => it)).code).toBe("not_found");
    const covered = titled(await look(), main);
    const hidden = [10, 11, 12, 13, 14, 15, 16].map((at) => `row-${at}`);
    const gone = hidden.filter((row) => !covered?.lines.some((line) => line.startsWith(row)));
    expect(gone.length).toBeGreaterThan(1);
    await expect(click({ on: gone[1] })).rejects.toMatchObject({ code: "not_found" });
    await click({ on: "row-30" });
    await until(({ window }) => window?.title === main);
  });

  test("that two windows show, only in the one that is named", async () => {
    const one = await open("one", "40x5+50+300", ["same"]);
    await open("two", "40x5+700+300", ["same"]);
    await expect(click({ on: "same" })).rejects.toMatchObject({
      code: "conflict",
      hint: expect.stringContaining(`of ${one.window}`),
    });
    expect((await click({ on: "same", window: "one" })).over?.id).toBe(one.window ?? "");
  });
});
