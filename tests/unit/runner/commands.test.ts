import { expect, test } from "bun:test";
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
  screen.write(new TextEncoder().encode(output.join("")), () => {});
  await screen.settled();
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
