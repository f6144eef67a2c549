import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { Pointing } from "../../daemon/desktop/pointing.ts";
import { TextPlaces } from "../../daemon/desktop/text-places.ts";
import { Things } from "../../daemon/desktop/things.ts";
import { DesktopWindows } from "../../daemon/desktop/windows.ts";
import { createDisplays } from "../../daemon/display/displays.ts";
import { PictureFrames } from "../../daemon/display/picture-frames.ts";
import type { Region } from "../../daemon/display/types.ts";
import type { WorkstationRef } from "../../daemon/drivers/driver.ts";
import { AccessibleWindows } from "../../daemon/perception/accessibility.ts";
import { Blocks } from "../../daemon/perception/blocks.ts";
import { RefLister } from "../../daemon/perception/ref-lists.ts";
import { Refs, type Thing } from "../../daemon/perception/refs.ts";
import type { SeenWindow, SourceText } from "../../daemon/perception/source.ts";
import { RunnerClient } from "../../daemon/runner/client.ts";
import { Turns } from "../../daemon/turns.ts";
import { deadline } from "../../src/abort.ts";
import { codeOf } from "../../src/thrown.ts";
import { appsImage } from "../support/apps-image.ts";
import { Workstations } from "../support/workstations.ts";

const session = { id: "any" };
const display =
  "export DISPLAY=:1 HOME=/home/nexora LANG=C.UTF-8 XDG_RUNTIME_DIR=/run/nexora/runtime";
const bus =
  "export DBUS_SESSION_BUS_ADDRESS=unix:path=/run/nexora/runtime/bus QT_LINUX_ACCESSIBILITY_ALWAYS_ON=1";

let workstations: Workstations;
let ref: WorkstationRef;
let runner: RunnerClient;
let windows: AccessibleWindows;
const signal = AbortSignal.timeout(300_000);

beforeAll(async () => {
  workstations = await Workstations.open();
  const limits = { cpus: 2, memoryBytes: 1024 ** 3, pids: 400 };
  ref = await workstations.driver.create(
    await workstations.spec(null, { image: appsImage, limits }),
  );
  await workstations.driver.start(ref, workstations.boot());
  const { token } = workstations.secrets;
  runner = new RunnerClient(async () => ({
    ...(await workstations.driver.dial(ref, "runner")),
    token,
  }));
  windows = new AccessibleWindows(runner);
});
afterAll(() => workstations[Symbol.asyncDispose]());
// Until they are gone: a second mousepad only tells the first, by D-Bus, and ends.
afterEach(() =>
  run(
    "pkill -CONT 'zenity|mousepad|featherpad'; pkill -9 'zenity|mousepad|featherpad'; while pgrep 'zenity|mousepad|featherpad'; do sleep 0.02; done",
  ),
);

const unlessBusy = (error: unknown) => {
  if (codeOf(error) !== "timeout") throw error;
  return null;
};
const run = async (script: string) =>
  (await workstations.run(ref, `${display}; ${bus}; ${script}`)).output;

/** Looks again until it holds: programs take their time. */
async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; await Bun.sleep(20)) {
    const seen = await look().catch(unlessBusy);
    if (seen) return seen;
  }
  throw new Error(`in vain: ${look}`);
}

async function desktop(): Promise<SeenWindow[]> {
  const all = await runner.windows("", signal);
  return all.windows.map(({ id, title, class: name, pid, x, y, width, height, terminal }) => {
    const region = { x, y, width, height };
    const facts = { terminal, cells: null, managed: true, coveredBy: [], visible: [region] };
    return { id, title, class: name, pid, region, ...facts };
  });
}

/** Starts a program and resolves with its window once that says the text. */
async function open(command: string, text: string): Promise<SeenWindow> {
  await run(`setsid ${command} >/tmp/said 2>&1 &`);
  return until(async () => {
    const all = await desktop();
    const texts = await windows.read(session, all, signal);
    return all.find(({ id }) => texts.get(id)?.lines.some((line) => line.text.includes(text)));
  });
}

/** A program that is busy, as with its first frame, answers late: it is asked again. */
const textOf = (window: SeenWindow): Promise<SourceText> =>
  until(async () => {
    const text = (await windows.read(session, [window], signal)).get(window.id);
    return text?.degraded === null ? text : null;
  });
const thingsOf = (window: SeenWindow) =>
  until(async () => {
    const { things, degraded } = await windows.things(session, [window], signal);
    return degraded === null ? things : null;
  });
const thing = (all: readonly Thing[], role: string, name: string): Thing => {
  const found = all.find((each) => each.role === role && each.name === name);
  if (!found) throw new Error(`no ${role} ${name}: ${JSON.stringify(all, null, 1)}`);
  return found;
};

const isWithin = (box: Region, outer: Region) =>
  box.x >= outer.x &&
  box.y >= outer.y &&
  box.x + box.width <= outer.x + outer.width &&
  box.y + box.height <= outer.y + outer.height;

describe("a dialog of GTK 4", () => {
  test("is read, focused and answered, though it tells no places", async () => {
    const window = await open("zenity --entry --title Ask --text 'Your name?'", "Your name?");
    const { lines } = await textOf(window);
    expect(lines.map(({ text }) => text)).toEqual(["Ask", "Your name?", "Cancel", "OK"]);
    expect(lines.every(({ box }) => box === null)).toBe(true);

    const things = await thingsOf(window);
    const entry = thing(things, "textbox", "Your name?");
    expect(entry).toMatchObject({ value: "", box: null, window: window.id });
    expect(thing(things, "dialog", "Ask").depth).toBe(0);
    expect(entry.depth).toBe(1);
    await windows.focus(session, entry.key, signal);
    const focused = await until(async () => {
      const found = await windows.locate(session, entry.key, signal);
      return found?.states.includes("focused") && found;
    });
    expect(focused).toMatchObject({ states: ["focused"], role: "textbox" });
    await run("xdotool type Ada");
    await until(async () => {
      return thing(await thingsOf(window), "textbox", "Your name?").value === "Ada";
    });

    const ok = thing(things, "button", "OK");
    expect(await windows.press(session, ok.key, signal)).toBe(true);
    expect(await until(() => run("cat /tmp/said"))).toBe("Ada");
    expect(await windows.locate(session, ok.key, signal)).toBeNull();
    await expect(windows.focus(session, ok.key, signal)).rejects.toMatchObject({
      code: "action_failed",
    });
  });
});

describe("an editor of GTK 3", () => {
  test("shows of a long text what is to be seen, line by line, each at its place", async () => {
    await run("seq -f 'line %g' 2000 > /tmp/long");
    const window = await open("mousepad /tmp/long", "line 3");
    const numbers = async () =>
      (await textOf(window)).lines.filter(({ text }) => text.startsWith("line "));
    // The window manager may still move it.
    const shown = await until(async () => {
      const seen = await numbers();
      const place = (await desktop()).find(({ id }) => id === window.id)?.region;
      const isInside = seen.every(({ box }) => box && place && isWithin(box, place));
      return seen.length > 5 && isInside ? seen : null;
    });
    expect(shown.slice(0, 3).map(({ text }) => text)).toEqual(["line 1", "line 2", "line 3"]);
    expect(shown.length).toBeLessThan(60);
    await run("xdotool key ctrl+End");
    const last = await until(async () => {
      const end = await numbers();
      return end.some(({ text }) => text === "line 2000") ? end : null;
    });
    expect(last.some(({ text }) => text === "line 1")).toBe(false);
  });

  test("lists its menus; what is in a closed one is not there", async () => {
    await run("echo hello > /tmp/short");
    const window = await open("mousepad /tmp/short", "hello");
    const things = await thingsOf(window);
    const file = thing(things, "menuitem", "File");
    expect(file.box?.width).toBeGreaterThan(10);
    expect(things.some(({ name }) => name === "Quit")).toBe(false);
    await windows.press(session, file.key, signal);
    const quit = await until(async () =>
      (await thingsOf(window)).find(({ name }) => name === "Quit"),
    );
    expect(await windows.locate(session, quit.key, signal)).toMatchObject({ name: "Quit" });
    await run("xdotool key Escape");
    await until(async () => (await windows.locate(session, quit.key, signal)) === null);
  });

  test("whose menu closes while it is aimed at is not clicked, nor what is there instead", async () => {
    await run("echo hello > /tmp/short");
    const window = await open("mousepad /tmp/short", "hello");
    const menu = async () => {
      await windows.press(session, thing(await thingsOf(window), "menuitem", "File").key, signal);
      return until(async () => (await thingsOf(window)).find(({ name }) => name === "Quit"));
    };
    const quit = await menu();
    const closes = async () => {
      await run("xdotool key Escape");
      await until(async () => (await windows.locate(session, quit.key, signal)) === null);
    };
    const refs = new Refs();
    const clicks: string[] = [];
    const displays = createDisplays({
      locate: async () => ({
        ...(await workstations.driver.dial(ref, "rfb")),
        password: workstations.secrets.vncPassword,
      }),
    });
    using ends = new DisposableStack();
    ends.defer(() => displays.close());
    const click = async (on: string, meanwhile = async () => {}) => {
      const desktop = new DesktopWindows(runner);
      const lister = new RefLister(refs, [windows]);
      const ocr = { read: async () => ({ lines: [], degraded: null }) };
      const matches = async () => [];
      const blocks = new Blocks({ runner, matches, sources: [windows], ocr, refs: lister });
      const pointing = new Pointing({
        displays: {
          async acquire(...asked) {
            await meanwhile();
            return displays.acquire(...asked);
          },
        },
        windows: desktop,
        texts: new TextPlaces(blocks, desktop),
        blocks,
        things: new Things(refs, [windows], desktop),
        pictures: new PictureFrames(),
        turns: new Turns(),
      });
      const act = async () => void clicks.push(on);
      return pointing.perform(session.id, [], { on }, signal, { act });
    };
    const number = refs.number(session.id, quit);
    const instead = `there is now ${window.id} ${JSON.stringify(window.title)}`;
    for (const [on, code] of [
      ["Quit", "action_failed"],
      [number, "stale_ref"],
    ] as const) {
      await expect(click(on, closes)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(instead),
      });
      expect(clicks).toEqual([]);
      await menu();
    }
    await click("Quit");
    await click(number);
    expect(clicks).toEqual(["Quit", number]);
  });

  test("that does not answer is told of, and does not hold up the others", async () => {
    await run("echo hello > /tmp/short");
    const editor = await open("mousepad /tmp/short", "hello");
    const dialog = await open("zenity --info --title Fine --text Fine", "Fine");
    await run("pkill -STOP mousepad");
    const all = await desktop();
    // As long as a look waits for all windows.
    const texts = await until(async () => {
      const read = await windows.read(session, all, deadline(3_000, signal));
      return read.get(dialog.id)?.degraded === null && read;
    });
    expect(texts.get(editor.id)).toMatchObject({ degraded: "its program does not answer" });
    expect(texts.get(dialog.id)?.lines.map(({ text }) => text)).toContain("Fine");
    const silent = `${editor.id}: its program does not answer`;
    const things = await until(async () => {
      const seen = await windows.things(session, all, deadline(3_000, signal));
      return seen.degraded === silent && seen.things;
    });
    expect(things.map(({ name }) => name)).toContain("Fine");
  });
});

describe("an editor of Qt 6", () => {
  test("is read with its places, and tells what can be done", async () => {
    await run("seq -f 'row %g' 300 > /tmp/rows");
    const window = await open("featherpad --standalone /tmp/rows", "row 1");
    const { lines } = await textOf(window);
    const rows = lines.filter(({ text }) => text.startsWith("row "));
    expect(rows.slice(0, 3).map(({ text }) => text)).toEqual(["row 1", "row 2", "row 3"]);
    expect(rows.length).toBeLessThan(60);
    const tops = rows.map(({ box }) => box?.y ?? 0);
    expect(tops.every((top, at) => at === 0 || top > (tops[at - 1] ?? top))).toBe(true);
    const things = await thingsOf(window);
    expect(thing(things, "button", "Save").states).toContain("disabled");
    expect(thing(things, "tab", "rows").states).toContain("selected");
    expect(thing(things, "menuitem", "File").depth).toBe(1);
  });
});

test("terminals and viewers of pictures are left to others", async () => {
  expect([...(await windows.read(session, await desktop(), signal)).keys()]).toEqual([]);
  expect(await windows.locate(session, ":1.9/org/a11y/atspi/accessible/7", signal)).toBeNull();
  await expect(windows.locate(session, "no key", signal)).rejects.toMatchObject({ code: "usage" });
});
