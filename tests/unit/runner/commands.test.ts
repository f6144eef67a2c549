import { describe, expect, test } from "bun:test";
import { CommandTracker } from "../../../docker/workstation/runner/terminal/commands.ts";
import { TerminalScreen } from "../../../docker/workstation/runner/terminal/screen.ts";

const mark = (data: string) => `\x1b]133;${data}\x07`;
const prompt = `${mark("A")}$ ${mark("B")}`;
const more = `${mark("A;k=s")}> ${mark("B")}`;
/** A shell's answer to a line: what it prints, and its next prompt. */
const ran = (output: string, status = 0) => `${mark("C")}${output}${mark(`D;${status}`)}${prompt}`;

async function shell(...output: string[]): Promise<CommandTracker> {
  const screen = new TerminalScreen({ columns: 20, rows: 6 }, (data) => tracker.mark(data));
  const tracker = new CommandTracker(screen);
  screen.onClearing = () => tracker.clearing();
  screen.onAlternate = () => tracker.fillsScreen();
  screen.write(new TextEncoder().encode(output.join("")));
  return tracker;
}

test("there is none before the first", async () => {
  expect((await shell(prompt, "ls")).last).toBeNull();
});

test("a command is what stands on the screen when it starts, however it was edited", async () => {
  const { last } = await shell(prompt, "lx\b", "s -a\r\n", mark("C"), "file\r\n");
  expect(last).toEqual({ ordinal: 1, line: "ls -a", running: true, exitStatus: null });
});

test("it has a status when it has ended, and the next one is another", async () => {
  const first = await shell(prompt, "false\r\n", ran("", 1));
  expect(first.last).toEqual({ ordinal: 1, line: "false", running: false, exitStatus: 1 });
  const second = await shell(prompt, "false\r\n", ran("", 1), "true\r\n", ran(""));
  expect(second.last).toMatchObject({ ordinal: 2, line: "true", exitStatus: 0 });
});

test("an empty line and an abandoned one are none", async () => {
  const { last } = await shell(
    prompt,
    "true\r\n",
    ran(""),
    `\r\n${prompt}`,
    `rm -r^C\r\n${prompt}`,
  );
  expect(last).toMatchObject({ ordinal: 1, line: "true" });
});

test("one that is wider than the screen is one line, and one over several rows has them all", async () => {
  const long = `echo ${"x".repeat(50)}`;
  expect((await shell(prompt, long, "\r\n", mark("C"))).last?.line).toBe(long);
  const loop = await shell(prompt, `for i in 1\r\n${more}do ls\r\n${more}done\r\n`, mark("C"));
  expect(loop.last?.line).toBe("for i in 1\ndo ls\ndone");
});

test("a prompt that is drawn again, with another line, counts from there", async () => {
  const { last } = await shell(prompt, "git sta", `\r\n${prompt}git status\r\n`, mark("C"));
  expect(last?.line).toBe("git status");
});

test("what the shell sends is the line", async () => {
  const { last } = await shell(prompt, "x\r\n", mark("C;cmdline_url=echo 50%25%3B%0Als"));
  expect(last?.line).toBe("echo 50%;\nls");
  expect((await shell(prompt, mark("C;cmdline_url=%zz"))).last?.line).toBe("%zz");
});

test("a shell that a command starts has a prompt, and its end ends its own last command", async () => {
  const inner = await shell(prompt, "bash\r\n", mark("C"), prompt);
  expect(inner.last).toMatchObject({ line: "bash", running: false, exitStatus: null });
  const both = await shell(prompt, "bash\r\n", mark("C"), prompt, "exit\r\n", ran("exit\r\n", 3));
  expect(both.last).toMatchObject({ ordinal: 2, line: "exit", exitStatus: 3 });
});

test("a start that is marked twice is one", async () => {
  const { last } = await shell(prompt, "ls\r\n", mark("C"), mark("C"), "file\r\n");
  expect(last).toMatchObject({ ordinal: 1, line: "ls", running: true });
});

test("hostile marks are bounded: no control characters, no endless line", async () => {
  const { last } = await shell(mark(`C;cmdline_url=a%1b%07${"x".repeat(5000)}`), mark("D;-1"));
  expect(last?.line).toStartWith("axxx");
  expect(last?.line).toHaveLength(1000);
  expect(last).toMatchObject({ running: false, exitStatus: null });
  const many = await shell(prompt, ...Array(500).fill(`x\r\n${more}`), "y\r\n", mark("C"));
  expect(many.last?.line?.length).toBeLessThan(500);
});

test("a line that has been cleared away is unknown", async () => {
  expect((await shell(prompt, "ls", "\x1b[H\x1b[2J\x1b[3J", mark("C"))).last).toMatchObject({
    line: null,
    running: true,
  });
  expect((await shell(mark("C"))).last?.line).toBeNull();
});

describe("what the last command has printed", () => {
  const printed = async (...output: string[]) => (await shell(...output)).printed();
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => `${at}\r\n`).join("");

  test("is what came between its start and its end", async () => {
    expect(await printed(prompt, "ls")).toBeNull();
    const before = [prompt, "old\r\n", ran("old\r\n")];
    const all = await printed(...before, "ls\r\n", ran("a\r\n\r\nb\r\n"), "next");
    expect(all).toEqual({ lines: ["a", "", "b"], missing: null });
    expect(await printed(prompt, "true\r\n", ran(""))).toEqual({ lines: [], missing: null });
  });

  test("while it runs is what has come so far, and ends where it ended without a line's end", async () => {
    expect((await printed(prompt, "x\r\n", mark("C"), "a\r\nb? "))?.lines).toEqual(["a", "b?"]);
    expect((await printed(prompt, "x\r\n", ran("a\r\nb")))?.lines).toEqual(["a", "b"]);
  });

  test("has whole lines, also where a row was too short for one", async () => {
    const long = "x".repeat(45);
    expect((await printed(prompt, "x\r\n", ran(`${long}\r\nb\r\n`)))?.lines).toEqual([long, "b"]);
  });

  test("has what has scrolled away, as far as it is kept", async () => {
    const some = await printed(prompt, "seq\r\n", ran(numbers(500)));
    expect(some).toMatchObject({ missing: null, lines: { length: 500 } });
    const many = await printed(prompt, "seq\r\n", ran(numbers(5000)));
    expect(many?.missing).toBe("scrolled");
    expect(many?.lines.at(-1)).toBe("4999");
    expect(many?.lines.length).toBeGreaterThan(2990);
  });

  const clear = "\x1b[H\x1b[2J\x1b[3J";
  test("after a clear is what came then, and says so", async () => {
    const cleared = await printed(prompt, "x\r\n", ran(`a\r\n${clear}b\r\n`));
    expect(cleared).toEqual({ lines: ["b"], missing: "cleared" });
    const kept = await printed(numbers(50), prompt, "x\r\n", ran("a\r\n\x1b[H\x1b[2Jb\r\n"));
    expect(kept).toEqual({ lines: ["b"], missing: "cleared" });
  });

  test("that was cleared away at the next prompt is gone, but for what is above the screen", async () => {
    const gone = await printed(prompt, "x\r\n", ran("a\r\n"), "\x1b[H\x1b[2J", prompt);
    expect(gone).toEqual({ lines: [], missing: "cleared" });
    const rest = await printed(prompt, "x\r\n", ran(numbers(20)), "\x1b[H\x1b[2J", prompt);
    expect(rest?.missing).toBe("cleared");
    expect(rest?.lines).toEqual(
      Array.from({ length: rest?.lines.length ?? 0 }, (_, at) => `${at}`),
    );
  });

  test("of a full-screen program is what it left on the normal screen", async () => {
    const full = await printed(prompt, "vi\r\n", ran("\x1b[?1049hfull\x1b[?1049lleft\r\n"));
    expect(full).toEqual({ lines: ["left"], missing: "full-screen" });
  });
});
