import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createDisplays } from "../../daemon/display/displays.ts";
import type { Displays } from "../../daemon/display/types.ts";
import { createInput, type Input } from "../../daemon/input/input.ts";
import { chordBytes } from "../../src/keys/bytes.ts";
import { parseChord } from "../../src/keys/chord.ts";
import { oddLine, sourceCode } from "../support/texts.ts";
import { Xvnc } from "../support/xvnc.ts";

/** Reads its terminal raw and keeps every byte that comes. */
const recorder = `
import os, tty
tty.setraw(0)
with open("/tmp/recorded", "wb", buffering=0) as file:
    while True:
        data = os.read(0, 65536)
        file.write(data)
        os.write(1, b"%d bytes\\r\\n" % len(data))
`;

describe("keys into a window that is none of the runner's terminals", () => {
  let desktop: Xvnc;
  let displays: Displays;
  let input: Input;

  beforeAll(async () => {
    desktop = await Xvnc.start({ size: "800x600" });
    displays = createDisplays({ locate: async () => desktop });
    input = createInput({
      displays,
      runner: {
        focus: async () => ({ window: null, terminal: null }),
        input: () => Promise.reject(new Error("there is no terminal")),
      },
    });
  });
  afterAll(async () => {
    displays?.close();
    await desktop?.[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    await desktop.exec("sh", "-c", "pkill xterm; rm -f /tmp/recorded; true");
    const xterm =
      "xterm -geometry 80x24+0+0 -xrm 'XTerm*metaSendsEscape: true' -xrm 'XTerm*omitTranslation: fullscreen'";
    await desktop.spawn("sh", "-c", `LC_ALL=C.UTF-8 ${xterm} -e python3 -c '${recorder}'`);
    await inside("test -e /tmp/recorded");
    // Without a window manager, keys go to the window under the pointer.
    using lease = await displays.acquire("s");
    lease.display.pointerEvent(100, 100, 0);
    await lease.display.sync();
  });

  /** Waits in the container until a shell condition holds. */
  const inside = (condition: string) =>
    desktop.exec("timeout", "20", "sh", "-c", `until ${condition}; do sleep 0.02; done`);

  /** All recorded bytes, once there are as many as expected; fewer after the deadline. */
  const recorded = async (expected: string | Uint8Array): Promise<Buffer> => {
    const size = Buffer.from(expected).length;
    await inside(`[ $(stat -c %s /tmp/recorded) -ge ${size} ]`).catch(() => {});
    return desktop.exec("cat", "/tmp/recorded");
  };

  test("every chord arrives as xterm sends it", async () => {
    const chords = [
      ...["a", "A", "shift+1", "shift+a", "ctrl+a", "ctrl+A", "ctrl+shift+t", "ctrl+space"],
      ...["ctrl+[", "ctrl+\\", "ctrl+]", "ctrl+^", "ctrl+_", "ctrl+/", "ctrl+6", "ctrl+?"],
      ...["alt+x", "alt+shift+x", "ctrl+alt+x", "alt+Return", "alt+é"],
      ...["Return", "Tab", "shift+Tab", "Escape", "BackSpace", "ctrl+BackSpace", "Delete"],
      ...["Up", "ctrl+Up", "shift+Right", "alt+Left", "Home", "End", "Insert", "Page_Down"],
      ...["F1", "shift+F1", "F4", "F5", "ctrl+F5", "F10", "F12", "F13", "alt+F4"],
      ...["KP_0", "KP_5", "KP_9", "KP_Enter", "KP_Add", "KP_Decimal", "KP_Home", "KP_Divide"],
      ...["super", "shift", "super+a", "space", "é", "€", "漢", "🙂"],
    ];
    const { keys } = await input.press(
      "s",
      chords.flatMap((chord) => [chord, "|"]),
    );
    expect(keys.slice(0, 4)).toEqual(["a", "|", "A", "|"]);
    const expected = chords.map((chord) => chordBytes(parseChord(chord)) ?? "");
    expect((await recorded(expected.join("|"))).toString().split("|").slice(0, -1)).toEqual(
      expected,
    );
  });

  test("source code arrives byte for byte, in one burst", async () => {
    const text = await sourceCode();
    const typed = await input.type("s", text);
    expect(typed).toEqual({ characters: 10_000, path: "keys", delivered: null });
    expect((await recorded(text)).toString()).toBe(text.replaceAll("\n", "\r"));
  });

  test("characters that the keymap lacks arrive byte for byte, paced", async () => {
    const han = Array.from({ length: 200 }, (_, at) => String.fromCodePoint(0x4e00 + 97 * at));
    const text = `${oddLine}Съешь же ещё этих мягких французских булок\nΞεσκεπάζω την ψυχοφθόρα βδελυγμία\nדג סקרן\n👩‍💻🚀\n${han.join("")}`;
    const typed = await input.type("s", text, { enter: true });
    expect(typed).toEqual({
      characters: [...text].length,
      path: "keys-paced",
      delivered: null,
    });
    const expected = `${text}\n`.replaceAll("\n", "\r");
    expect((await recorded(expected)).toString()).toBe(expected);
  });

  test("two texts at once never mix", async () => {
    await Promise.all([input.type("s", "a".repeat(3000)), input.type("s", "b".repeat(3000))]);
    const expected = "a".repeat(3000) + "b".repeat(3000);
    expect((await recorded(expected)).toString()).toBe(expected);
  });

  test("an unknown key is an error, and none of the keys before it is pressed", async () => {
    const pressed = input.press("s", ["x", "y", "Retrun"]);
    await expect(pressed).rejects.toMatchObject({
      code: "usage",
      details: { nearest: ["Return"] },
    });
    await expect(input.type("s", "half \ud83d")).rejects.toMatchObject({ code: "usage" });
    await expect(input.type("s", "next\u0085line")).rejects.toMatchObject({ code: "usage" });
    await input.type("s", "z");
    expect((await recorded("z")).toString()).toBe("z");
  });

  test("a held chord is let go when its caller goes away", async () => {
    const caller = new AbortController();
    const held = input.press("s", ["ctrl+b"], { holdMs: 60_000 }, caller.signal);
    await recorded("\x02");
    caller.abort();
    await expect(held).rejects.toMatchObject({ code: "interrupted" });
    await input.type("s", "free");
    await inside("grep -q free /tmp/recorded");
    expect((await recorded("\x02free")).toString()).toMatch(/^\x02+free$/);
  });

  test("a chord is held for as long as asked, and pressed as often", async () => {
    const thrice = "\x1bOQ".repeat(3);
    await input.press("s", ["F2"], { repeat: 3 });
    expect((await recorded(thrice)).toString()).toBe(thrice);
    const started = performance.now();
    await input.press("s", ["F2"], { holdMs: 100, repeat: 2 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(195);
    // X repeats a key by itself that a busy machine lets go late.
    expect((await recorded("\x1bOQ".repeat(5))).toString()).toMatch(/^(\x1bOQ){5,}$/);
  });
});
