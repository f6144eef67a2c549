import { describe, expect, test } from "bun:test";
import { TerminalScreen } from "../../../docker/workstation/runner/terminal/screen.ts";

const size = { columns: 40, rows: 6 };

async function show(text: string, onMark: (data: string) => void = () => {}) {
  const screen = new TerminalScreen(size, onMark);
  screen.write(new TextEncoder().encode(text));
  return screen;
}

describe("the screen", () => {
  test("has its lines without trailing spaces, and its cursor", async () => {
    const { lines, cursor } = (await show("one  \r\n two")).state(0);
    expect(lines).toEqual(["one", " two", "", "", "", ""]);
    expect(cursor).toEqual({ x: 4, y: 1, visible: true });
  });

  test.each([
    ["漢字", 4, "漢字"],
    ["🙂", 2, "🙂"],
    ["q\u0307\u0323", 1, "q\u0307\u0323"],
    // xterm composes what can be composed, and drops what only formats.
    ["e\u0301", 1, "é"],
    ["👩\u200d💻", 4, "👩💻"],
    ["ñ€", 2, "ñ€"],
  ])("gives %s the cells that xterm gives it", async (text, cells, shown) => {
    const { lines, cursor } = (await show(text)).state(0);
    expect(cursor.x).toBe(cells);
    expect(lines[0]).toBe(shown);
  });

  test("keeps the cursor in the last column while a wrap is pending", async () => {
    expect((await show("x".repeat(40))).state(0).cursor).toMatchObject({ x: 39, y: 0 });
  });

  test("knows title, alternate screen and a hidden cursor", async () => {
    const state = (await show("\x1b]0;my title\x07\x1b[?1049h\x1b[?25l")).state(0);
    expect(state).toMatchObject({ title: "my title", alternate: true });
    expect(state.cursor.visible).toBe(false);
    expect((await show("\x1b[?25l\x1bc")).state(0).cursor.visible).toBe(true);
  });

  test("puts the scrollback asked for before the screen", async () => {
    const text = Array.from({ length: 20 }, (_, at) => `line ${at}`).join("\r\n");
    const screen = await show(text);
    expect(screen.state(0).lines[0]).toBe("line 14");
    expect(screen.state(2).lines[0]).toBe("line 12");
    expect(screen.state(999).lines).toHaveLength(20);
  });

  test("scrolls between margins on the left and right, as tmux does", async () => {
    const rows = Array.from({ length: 6 }, (_, at) => `left ${at}|right ${at}`).join("\r\n");
    const { lines } = (await show(`${rows}\x1b[?69h\x1b[8;15s\x1b[6;8H\n\n`)).state(0);
    expect(lines[0]).toBe("left 0|right 2");
    expect(lines[5]).toBe("left 5|");
  });

  test("changes its size as xterm does: lines come back, and none is wrapped anew", async () => {
    const screen = await show(`${"x".repeat(30)}\r\n1\r\n2\r\n3\r\n4\r\n5\r\n6`);
    screen.resize(20, 7);
    expect(screen.state(0).lines).toEqual(["x".repeat(20), "1", "2", "3", "4", "5", "6"]);
  });

  test("says when it may be wrong, until it is known again", async () => {
    const degraded = async (text: string) => (await show(text)).state(0).degraded;
    expect(await degraded("text")).toBeNull();
    expect(await degraded("\x1b(>text")).toContain("character set");
    expect(await degraded("\x1b(>text\x1b(B\x1b[2J")).toBeNull();
    expect(await degraded("\x1b[?2l\x1b[2J")).toContain("VT52");
    expect(await degraded("\x1b[?2l\x1bc")).toBeNull();
  });

  test("hands on the marks of the shell in order", async () => {
    const marks: string[] = [];
    await show("\x1b]133;A\x07$ \x1b]133;B\x1b\\ls\x1b]133;C\x07", (data) => marks.push(data));
    expect(marks).toEqual(["A", "B", "C"]);
  });
});

describe("a redraw", () => {
  test.each([
    ["plain text", "a\r\n  b\r\n\r\nc"],
    ["colours", "\x1b[1;31mred\x1b[0m \x1b[48;5;20mblue\x1b[38;2;1;2;3mrgb\x1b[7;4;9mx"],
    ["wide characters", "漢字 🙂 e\u0301|"],
    ["a full screen", `${"x".repeat(40)}`.repeat(6)],
    ["a full-screen program", "shell\x1b[?1049h\x1b[?25l\x1b[?1h\x1b[?1000h\x1b[3;5Hhere"],
    ["a title", "\x1b]2;vim ~/x\x07text"],
    ["coloured blanks", "\x1b[44m\x1b[2J\x1b[2;3Hx"],
  ])("of %s shows the same again", async (_, text) => {
    const screen = await show(text);
    const again = await show(screen.redraw());
    expect(again.state(0)).toEqual(screen.state(0));
    expect(again.redraw()).toBe(screen.redraw());
  });
});

describe("highlights", () => {
  const marks = async (text: string) => (await show(text)).highlights();

  test("are what stands in reverse video or on another colour than most", async () => {
    expect(await marks("plain\r\n \x1b[7mpicked\x1b[0m  x\r\n\x1b[46mbar\x1b[K")).toEqual([
      { row: 1, at: 1, text: "picked" },
      { row: 2, at: 0, text: "bar" },
    ]);
  });

  test("on a coloured screen are what differs from it", async () => {
    const picked = "\x1b[44m\x1b[2J\x1b[H漢 <Yes>  \x1b[7m<No>\x1b[27m";
    expect(await marks(picked)).toEqual([{ row: 0, at: 9, text: "<No>" }]);
  });

  test("without text are none, and of one row they are several", async () => {
    expect(await marks("\x1b[7m   \x1b[0m")).toEqual([]);
    const two = await marks("\x1b[41ma\x1b[42mb\x1b[0m");
    expect(two).toEqual([
      { row: 0, at: 0, text: "a" },
      { row: 0, at: 1, text: "b" },
    ]);
  });
});
