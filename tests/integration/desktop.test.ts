import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import { TestDaemon } from "../support/daemon.ts";

type Clicked = Output<"click">;
type Acted = Output<"window.focus">;

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "desk", workspace: null, size: { width: 1280, height: 800 } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const post = <T = Clicked>(verb: string, body: object = {}) =>
  daemon.call<T>("POST", `/v1/sessions/desk/${verb}`, body);
const windows = () => daemon.call<Output<"windows">>("GET", "/v1/sessions/desk/windows");
const act = (window: string, action: string, body: object = {}) =>
  post<Acted>(`windows/${encodeURIComponent(window)}/${action}`, body);
const exec = async (command: string[], detach = false) =>
  (await post<Output<"exec">>("exec", { command, detach, cwd: "/tmp" })).stdout ?? "";

/** Looks again until it holds; the desktop's programs take their time. */
async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(seen, null, 1)}`);
    await Bun.sleep(20);
  }
}

/** Opens a program, and resolves with its window once that is there. */
async function open(title: string, command: string): Promise<ManagedWindow> {
  await exec([`exec ${command}`], true);
  const { windows: all } = await until(windows, (it) =>
    it.windows.some((window) => window.title === title),
  );
  return all.find((window) => window.title === title) as ManagedWindow;
}

/** Closes what of these is open. */
async function close(...titles: string[]): Promise<void> {
  for (const { id, title } of (await windows()).windows) {
    if (!titles.includes(title)) continue;
    // One that is closing by itself may be gone before us.
    await act(id, "close").catch((error: { code?: string }) => {
      if (error.code !== "not_found") throw error;
    });
  }
}

/** What xev has been told, event by event, as `ButtonPress 1 at 10,20 state 0x4`. */
async function events(): Promise<string[]> {
  const text = await exec(["cat /tmp/xev"]);
  return text
    .split("\n\n")
    .map((block) => {
      const [, type] = /^(\w+) event/.exec(block) ?? [];
      const [, x, y] = /\((-?\d+),(-?\d+)\), +root/.exec(block) ?? [];
      const [, state, button] = /state (0x[0-9a-f]+), button (\d+)/.exec(block) ?? [];
      return type && button ? `${type} ${button} at ${x},${y} state ${state}` : "";
    })
    .filter((line) => line !== "");
}

describe("the pointer", () => {
  let xev: ManagedWindow;
  beforeEach(async () => {
    xev = await open(
      "Event Tester",
      "xev -geometry 300x200+200+100 -event button -event mouse >/tmp/xev",
    );
  });
  afterEach(() => exec(["pkill xev; while pgrep -x xev; do sleep 0.02; done"]));

  const inXev = { window: "Event Tester" };
  const count = (lines: readonly string[], start: string) =>
    lines.filter((line) => line.startsWith(start)).length;

  test("clicks with every button, where it is told in a window", async () => {
    for (const button of ["left", "middle", "right", "back", "forward"]) {
      const { over } = await post("click", { at: { x: 250, y: 30 }, button, ...inXev });
      expect(over).toMatchObject({ id: xev.id, title: "Event Tester" });
    }
    const seen = await until(events, (lines) => lines.length >= 10);
    expect(seen).toEqual(
      [1, 2, 3, 8, 9].flatMap((button, at) => [
        `ButtonPress ${button} at 250,30 state 0x0`,
        `ButtonRelease ${button} at 250,30 state 0x${at < 3 ? (0x100 << at).toString(16) : "0"}`,
      ]),
    );
  });

  test("clicks twice, and with modifiers down", async () => {
    await post("click", { at: { x: 250, y: 30 }, count: 2, hold: ["ctrl", "shift"], ...inXev });
    const seen = await until(events, (lines) => lines.length >= 4);
    expect(count(seen, "ButtonPress 1 at 250,30 state 0x5")).toBe(2);
    const after = await post("click", { at: { x: 250, y: 30 }, ...inXev });
    expect(after.pointer).toEqual({ x: xev.region.x + 250, y: xev.region.y + 30 });
    expect((await until(events, (lines) => lines.length >= 6)).at(-2)).toEndWith("state 0x0");
  });

  test("drags along a path, and lets go at its end", async () => {
    const path = [
      { x: 150, y: 20 },
      { x: 280, y: 20 },
      { x: 280, y: 180 },
    ];
    // Not with the left one: the window manager takes that first, and X merges moves meanwhile.
    await post("drag", { path, button: "middle", ...inXev });
    const seen = await until(events, (lines) => lines.length >= 2);
    expect(seen[0]).toBe("ButtonPress 2 at 150,20 state 0x0");
    expect(seen.at(-1)).toStartWith("ButtonRelease 2 at 280,180");
    const motions = (await exec(["grep -c ^MotionNotify /tmp/xev"])).trim();
    expect(Number(motions)).toBeGreaterThan(10);
  });

  test("scrolls both ways", async () => {
    const at = { x: 250, y: 30 };
    await post("scroll", { direction: "down", notches: 4, at, ...inXev });
    await post("scroll", { direction: "left", notches: 2, at, ...inXev });
    const seen = await until(events, (lines) => lines.length >= 12);
    expect(count(seen, "ButtonPress 5")).toBe(4);
    expect(count(seen, "ButtonPress 6")).toBe(2);
  });

  test("takes the coordinates of a scaled picture", async () => {
    const { rev } = await daemon.call<Output<"screen">>(
      "GET",
      "/v1/sessions/desk/screen?scale=0.5&region=%7B%22x%22:200,%22y%22:100,%22width%22:400,%22height%22:300%7D",
    );
    const { pointer } = await post("move", { at: { x: 50, y: 40 }, from: rev });
    expect(pointer).toEqual({ x: 301, y: 181 });
    await expect(post("move", { at: { x: 500, y: 40 }, from: rev })).rejects.toMatchObject({
      code: "usage",
    });
    const seen = async (query: string) =>
      (await daemon.call<Output<"screen">>("GET", `/v1/sessions/desk/screen${query}`)).rev;
    // The desktop is still, but for the minutes of its clock: the same rev, in two scales.
    const [both] = await until(
      async () => [await seen("?scale=0.25"), await seen("")],
      ([small, whole]) => small === whole,
    );
    await expect(post("move", { at: { x: 5, y: 5 }, from: both })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("clicks nothing that another window covers, and says which", async () => {
    const cover = await open("cover", "xterm -T cover -geometry 40x12+200+100 -e cat");
    await act(cover.id, "move", { x: 200, y: 100 });
    const refused = post("click", { at: { x: 100, y: 60 }, ...inXev });
    await expect(refused).rejects.toMatchObject({
      code: "action_failed",
      message: expect.stringContaining(`${cover.id} "cover" covers`),
    });
    expect(await events()).toEqual([]);
    await close("cover");
  });

  test("stays where it is for what is off the screen, or of an unknown picture or window", async () => {
    await post("move", { at: { x: 5, y: 5 } });
    const refuse = async (body: object, code: string) =>
      expect(post("click", body)).rejects.toMatchObject({ code });
    await refuse({ at: { x: 5000, y: 5 } }, "usage");
    await refuse({ at: { x: 299, y: 500 }, ...inXev }, "usage");
    await refuse({ at: { x: 5, y: 5 }, from: "0123456789abcdef" }, "usage");
    await refuse({ at: { x: 5, y: 5 }, window: "no such window" }, "not_found");
    expect((await windows()).pointer).toMatchObject({ x: 5, y: 5 });
    expect(await events()).toEqual([]);
  });

  test("drags nothing that has no end, or one off the screen", async () => {
    await post("move", { at: { x: 5, y: 5 } });
    const start = { x: 150, y: 20 };
    for (const path of [[], [start], [start, { x: 5000, y: 20 }], [start, { x: 290, y: 500 }]]) {
      await expect(post("drag", { path, ...inXev })).rejects.toMatchObject({ code: "usage" });
    }
    expect((await windows()).pointer).toMatchObject({ x: 5, y: 5 });
    expect(await events()).toEqual([]);
  });

  test("lets go of a button when the daemon is killed in the middle of a drag", async () => {
    const path = Array.from({ length: 1000 }, (_, at) => ({ x: 150 + (at % 2) * 140, y: 100 }));
    const dragging = post("drag", { path, ...inXev });
    dragging.catch(() => {});
    await until(events, (lines) => lines.some((line) => line.startsWith("ButtonPress")));
    await daemon.end("SIGKILL");
    await expect(dragging).rejects.toThrow();
    daemon = await TestDaemon.start(daemon.home);
    const seen = await until(events, (lines) => lines.length >= 2);
    expect(seen.at(-1)).toStartWith("ButtonRelease 1");
  });

  test("lets go of a button when the caller goes away in the middle of a drag", async () => {
    const gone = new AbortController();
    const path = Array.from({ length: 1000 }, (_, at) => ({ x: 150 + (at % 2) * 140, y: 100 }));
    const dragging = daemon.fetch("/v1/sessions/desk/drag", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ path, ...inXev }),
      signal: gone.signal,
    });
    dragging.catch(() => {});
    await until(events, (lines) => lines.some((line) => line.startsWith("ButtonPress")));
    gone.abort();
    const seen = await until(events, (lines) => lines.length >= 2);
    expect(seen.at(-1)).toStartWith("ButtonRelease 1");
    await expect(dragging).rejects.toThrow();
  });
});

describe("a text", () => {
  const type = (text: string, more: object = {}) => post("type", { text, ...more });
  const prompt = { wait: { prompt: true } };
  /** Where htop-like programs are clicked: a program that says which cell it was. */
  const clicked = `clear; printf '\\033[?1000h\\033[?1006h\\033[c'; IFS= read -rsd c; echo 日本語 target; IFS= read -rsd M -t 10 cell; printf '\\033[?1000l\\033[?1006l'; IFS=';' read -r _ x y <<< "$cell"; echo "cell $x,$y"`;

  test("is clicked where it stands, also behind wide characters", async () => {
    // In a file: what is typed stands on the screen as well.
    await exec([`echo ${Buffer.from(clicked).toString("base64")} | base64 -d > /tmp/clicked`]);
    // The window follows the text, of which it hears last.
    const shown = { all: true, text: ["^日本語 target"], stableMs: 100 };
    await type("bash /tmp/clicked\n", { wait: shown });
    await post("click", { on: "語 targ", wait: { text: ["^cell 8,1$"] } });
  });

  test("that stands there twice, or not at all, is not clicked", async () => {
    await type("clear; echo alpha beta; echo beta\n", prompt);
    await expect(post("click", { on: "beta" })).rejects.toMatchObject({
      code: "conflict",
      hint: expect.stringContaining("row"),
    });
    await expect(post("click", { on: "gamma" })).rejects.toMatchObject({ code: "not_found" });
    await expect(post("move", {})).rejects.toMatchObject({ code: "usage" });
  });
});

describe("every terminal is exact, whoever opens it", () => {
  const screen = async () => {
    const seen = await daemon.call<Output<"screen">>("GET", "/v1/sessions/desk/screen?image=false");
    return seen.text?.[0];
  };
  const type = (text: string, more: object = {}) => post<Output<"type">>("type", { text, ...more });
  const shows = (line: string) => until(screen, (it) => it?.lines.includes(line) === true);
  afterEach(() => close("own"));

  test("with a shell, in the folder and environment of its opener", async () => {
    await open("own", "env COLOUR=blue xterm -T own -xrm 'XTerm*allowTitleOps: false'");
    await until(
      screen,
      (it) => it?.terminal?.prompt === true && it.lines.join("").includes("/tmp"),
    );
    const { waited } = await type("echo $COLOUR $PWD; (exit 7)\n", { wait: { prompt: true } });
    expect(waited).toMatchObject({ exitStatus: 7 });
    await shows("blue /tmp");
    await type("exit\n");
  });

  test("with a program, an editor for one", async () => {
    await exec(["seq 3 > /tmp/numbers"]);
    await open("own", "xterm -T own -e vim -u NONE /tmp/numbers");
    await shows("3");
    expect((await screen())?.terminal).toMatchObject({ alternate: true });
    await type("dd");
    expect((await until(screen, (it) => it?.lines[0] === "2"))?.source).toBe("terminal");
    await type(":q!\n");
    await until(windows, (it) => it.windows.every(({ title }) => title !== "own"));
  });

  test("with a line for the shell, and its title", async () => {
    await open("seq 2; sleep 100", "xterm -e 'seq 2; sleep 100'");
    await shows("2");
    await close("seq 2; sleep 100");
  });

  test("with tmux, whose panes are one screen", async () => {
    await open("own", "xterm -T own -e tmux -L own new-session 'seq 5; sleep 100'");
    await until(screen, (it) => it?.lines.slice(0, 5).join() === "1,2,3,4,5");
    await exec(["tmux -L own kill-server"]);
  });
});

describe("windows", () => {
  afterEach(async () => {
    await close("one", "two");
  });
  const one = () => open("one", "xterm -T one -geometry 40x10+100+100 -e cat");
  const two = () => open("two", "xterm -T two -geometry 40x10+150+150 -e cat");

  test("are listed, the topmost first, with what they are and where", async () => {
    const first = await one();
    const second = await two();
    const { windows: all } = await until(
      windows,
      (it) => it.windows[0]?.focused === true && it.windows.every(({ terminal }) => terminal),
    );
    const [top] = all;
    expect(top).toMatchObject({ id: second.id, focused: true, class: "XTerm" });
    expect(new Set(all.map(({ terminal }) => terminal)).size).toBe(3);
    expect(all.findIndex(({ id }) => id === first.id)).toBe(1);
    expect(all.at(-1)).toMatchObject({ terminal: expect.any(String) });
    expect(all.filter(({ focused }) => focused)).toHaveLength(1);
    expect(first.pid).toBeGreaterThan(1);
  });

  test("get the focus, go up and down", async () => {
    const first = await one();
    await two();
    await until(windows, (it) => it.windows[0]?.focused === true);
    expect(await act("one", "focus")).toMatchObject({ done: true, window: { focused: true } });
    await post("type", { text: "for one\n" });
    await act("two", "raise");
    expect((await windows()).windows[0]?.title).toBe("two");
    expect(await act(first.id, "lower")).toMatchObject({ done: true });
    expect((await windows()).windows.at(-1)?.id).toBe(first.id);
  });

  test("move, change their size, fill the desktop and come back", async () => {
    await one();
    const moved = await act("one", "move", { x: 300, y: 200 });
    expect(moved).toMatchObject({ done: true, window: { frame: { x: 300, y: 200 } } });
    const sized = await act("one", "resize", { width: 500, height: 300 });
    expect(sized.done).toBe(true);
    // A terminal has whole columns and rows.
    expect(Math.abs((sized.window?.region.width ?? 0) - 500)).toBeLessThan(20);
    expect(await act("one", "maximize")).toMatchObject({ window: { state: "maximized" } });
    const back = { state: "normal", region: sized.window?.region };
    expect(await act("one", "restore")).toMatchObject({ done: true, window: back });
    expect(await act("one", "minimize")).toMatchObject({ window: { state: "minimized" } });
    expect(await act("one", "restore")).toMatchObject({ done: true, window: { focused: true } });
  });

  test("close, and their text goes with them", async () => {
    await one();
    expect(await act("one", "close")).toMatchObject({ done: true, window: null });
    await expect(act("one", "close")).rejects.toMatchObject({ code: "not_found" });
  });

  test("are told apart by their names, and the caller is told what there is", async () => {
    await one();
    await two();
    await expect(act("xterm", "raise")).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('"two"'),
    });
    await expect(act("three", "raise")).rejects.toMatchObject({
      code: "not_found",
      hint: expect.stringContaining('"one"'),
    });
  });
});

describe("the clipboard", () => {
  const path = "/v1/sessions/desk/clipboard";
  const get = (query = "") => daemon.call<Output<"clip.get">>("GET", `${path}${query}`);
  const set = (body: object) => daemon.call<Output<"clip.set">>("PUT", path, body);

  test("holds text to the last byte, also a long one, in either selection", async () => {
    for (const text of ["a $x `y` \\n 'ü€🙂'\n\tend\n", "line of text\n".repeat(400_000), ""]) {
      expect(await set({ text })).toEqual({ bytes: Buffer.byteLength(text) });
      expect((await get()).text).toBe(text);
    }
    await set({ text: "selected", selection: "primary" });
    await set({ text: "copied" });
    expect((await get("?selection=primary")).text).toBe("selected");
    expect((await get()).text).toBe("copied");
  });

  test("is the one that programs inside see", async () => {
    await set({ text: "from outside" });
    expect(await exec(["xclip -selection clipboard -out"])).toBe("from outside");
    await exec(["printf 'from inside' | xclip -selection clipboard -in >/dev/null 2>&1"]);
    expect((await get()).text).toBe("from inside");
  });

  test("holds a picture, and says so when it is asked for text", async () => {
    const { image } = await daemon.call<Output<"screen">>("GET", "/v1/sessions/desk/screen");
    await set({ picture: image?.base64 });
    const { picture, text } = await get("?picture=true");
    expect(picture?.base64).toBe(image?.base64 ?? "");
    expect(text).toBeNull();
    const asText = await get();
    expect(asText.text).toBeNull();
    expect(asText.types).toContain("image/png");
  });

  test("takes one of both, and nothing that is no picture", async () => {
    await expect(set({})).rejects.toMatchObject({ code: "usage" });
    await expect(set({ text: "a", picture: "aaaa" })).rejects.toMatchObject({ code: "usage" });
    await expect(set({ picture: "no base64!" })).rejects.toMatchObject({ code: "usage" });
    await expect(set({ picture: "aaaa" })).rejects.toMatchObject({ code: "usage" });
  });

  test("of an owner that does not answer is an error, after a moment", async () => {
    // Owns the selection, and is stopped before it gives what it has.
    await exec(["printf x | xclip -selection clipboard -in >/dev/null 2>&1; pkill -STOP xclip"]);
    try {
      await expect(get()).rejects.toMatchObject({
        code: "action_failed",
        message: expect.stringContaining("has not answered"),
      });
    } finally {
      await exec(["pkill -CONT xclip; pkill xclip || true"]);
    }
  }, 15_000);
});
