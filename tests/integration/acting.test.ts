import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";

type Typed = Output<"type">;

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "act", workspace: null });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const type = (text: string, more: Record<string, unknown> = {}) =>
  daemon.call<Typed>("POST", "/v1/sessions/act/type", { text, ...more });
const press = (keys: string[], more: Record<string, unknown> = {}) =>
  daemon.call<Typed>("POST", "/v1/sessions/act/key", { keys, ...more });
const atPrompt = { wait: { prompt: true } };
/** A look ends as soon as it is still: a busy machine may take longer than that usually lasts. */
const look = { thenScreen: true, settleMs: 10_000 };
const linesOf = ({ screen }: Typed) => screen?.text?.[0]?.lines ?? [];
const times = Array.from({ length: 20 }, (_, at) => at + 1);

/** Reads key by key, does what `react` says for each, and ends at q. */
const program = (react: string) => `python3 -c '
import os, time, tty, threading
tty.setraw(0)
keys = 0
os.write(1, b"\\x1b[H\\x1b[2Jready")
while os.read(0, 1) != b"q":
    keys += 1
    ${react}
os.system("stty sane")'
`;

describe("a look after an action shows what the action has caused", () => {
  afterEach(async () => {
    await press(["q"], atPrompt);
    await type("clear\n", atPrompt);
  });

  test("in less, page by page, as text", async () => {
    await type("seq 5000 | less\n", { wait: { text: ["^30$"] } });
    const rows = linesOf(await press(["g"], look)).length - 1;
    for (const page of times) {
      const seen = await press(["space"], look);
      expect(linesOf(seen)[0]).toBe(String(page * rows + 1));
      expect(seen.settled).toMatchObject({ still: true });
    }
  });

  test("in less, as text and picture of one moment, also with `change`", async () => {
    await type("seq 5000 | less\n", { wait: { text: ["^30$"] } });
    const rows = linesOf(await press(["g"], look)).length - 1;
    for (const page of times) {
      const wait = page % 2 === 0 ? { wait: { change: true } } : {};
      const seen = await press(["space"], { ...look, thenScreen: { image: true }, ...wait });
      expect(linesOf(seen)[0]).toBe(String(page * rows + 1));
      const since = `/v1/sessions/act/screen?image=false&since=${seen.screen?.rev}`;
      const { boxes } = await daemon.call<Output<"screen">>("GET", since);
      // The task bar's clock goes on.
      const inTerminal = boxes?.filter(({ y }) => y < 768 - 28);
      if (seen.settled?.still) expect(inTerminal).toEqual([]);
    }
  });

  test("in vim", async () => {
    await type("seq 100 > /tmp/numbers; vim -u NONE -i NONE /tmp/numbers\n", {
      wait: { text: ["^20$"] },
    });
    for (const time of times) {
      const seen = await type("dd", look);
      expect(linesOf(seen)[0]).toBe(String(time + 1));
    }
    await type("\x1b:q!\n", atPrompt);
  });

  test("of a command at the prompt", async () => {
    for (const time of times) {
      const seen = await type(`clear; ls / /usr; echo en''d${time}\n`, look);
      expect(linesOf(seen)).toContain(`end${time}`);
    }
  });

  test("that takes 30 ms to show something", async () => {
    await type(program(`time.sleep(0.03); os.write(1, b"\\x1b[2J\\x1b[H%d" % keys)`), {
      wait: { text: ["^ready$"] },
    });
    for (const time of times) {
      const seen = await press(["x"], look);
      expect(linesOf(seen)[0]).toBe(String(time));
    }
  });

  test("and says that it is still when there is nothing to show", async () => {
    await type(program("pass"), { wait: { text: ["^ready$"] } });
    expect((await press(["x"], look)).settled).toMatchObject({ still: true });
  });

  test("and says that it is not still of a film, at the end of its time", async () => {
    const film = `[(os.write(1, b"\\x1b[H%d" % i), time.sleep(0.004)) for i in range(200)]`;
    await type(program(film), { wait: { text: ["^ready$"] } });
    const seen = await press(["x"], { ...look, settleMs: 200 });
    expect(seen.settled).toMatchObject({ still: false });
    expect(linesOf(seen)[0]).toMatch(/^\d+/);
  });

  test("or at once, when that is asked for", async () => {
    await type(program("time.sleep(1)"), { wait: { text: ["^ready$"] } });
    const seen = await press(["x"], { ...look, settleMs: 0 });
    expect(seen.settled).toMatchObject({ still: false });
  });
});

describe("a text that ends a program and goes on in the shell", () => {
  /** Asks as npm does: reads all that is there, key by key, and works after each answer. */
  const questions = `python3 -c '
import os, select, termios, time, tty
poll = select.epoll()
poll.register(0, select.EPOLLIN)
poll.register(os.pipe()[0], select.EPOLLIN)
cooked = termios.tcgetattr(0)
for question, work in ((b"\\r\\nname: ", 0.02), (b"\\r\\nlicense: ", 0.2)):
    tty.setraw(0)
    os.write(1, question)
    answer = b""
    while not answer.endswith(b"\\r"):
        poll.poll()
        answer += os.read(0, 999)
    termios.tcsetattr(0, termios.TCSADRAIN, cooked)
    time.sleep(work)'`;
  const vim = "vim -u NONE -i NONE /tmp/new";
  const code = times.map((time) => `print(${time})\n`).join("");
  const programs: [string, string, string, string][] = [
    ["vim", vim, String.raw`\[New`, ":q\n"],
    ["vim, with a longer text", vim, String.raw`\[New`, `i${code}\x1b:q!\n`],
    ["nano", "nano --ignorercfiles /tmp/new", "GNU nano", "\x18"],
    ["nano, with a question", "nano --ignorercfiles /tmp/new", "GNU nano", "text\n\x18n"],
    ["Python", "python3 -q", "^>>>", "print(1)\nexit()\n"],
    ["questions", questions, "^name:", "one\ntwo\n"],
  ];
  test.each(programs)("%s", async (_, command, shown, end) => {
    await type("clear\n", atPrompt);
    await type(`${command}\n`, { wait: { text: [shown] } });
    const { delivered, waited } = await type(`${end}true | sh -c "exit 3"\n`, atPrompt);
    expect(delivered).toBe(true);
    expect(waited).toMatchObject({ exitStatus: 3, command: 'true | sh -c "exit 3"' });
  });
});

test("keys that an xterm still tells by their code, because it is behind, come as they were typed", async () => {
  const codes = ["xterm", "-class", "Codes", "-xrm", "*modifyOtherKeys: 2"];
  await daemon.call("POST", "/v1/sessions/act/open", { target: codes });
  await daemon.call("POST", "/v1/sessions/act/windows/Codes/focus", {});
  const { waited } = await type('true | sh -c "exit 3"\n', atPrompt);
  expect(waited).toMatchObject({ exitStatus: 3, command: 'true | sh -c "exit 3"' });
  // Who has asked for codes gets them.
  const asks = `printf '\\e[>4;2m'; read -rsd '~' key; printf '\\e[>4m'; echo "$key" | cat -v`;
  await type(`${asks}\n`, { wait: { input: true } });
  await type("|", { wait: { text: [String.raw`^\^\[\[27;2;124$`] } });
  await type("exit\n", { wait: { windowGone: ["Codes"] } });
});

test("no look, nothing to settle", async () => {
  expect((await type("true\n")).settled).toBeNull();
});

describe("what a terminal answers is for whoever has asked", () => {
  /** DECRQM, DA 1 and 2, XTVERSION, OSC 11, CPR, DECRQSS, XTGETTCAP, the window's size. */
  const queries = String.raw`\x1b[?2026$p\x1b[c\x1b[>c\x1b[>q\x1b]11;?\x07\x1b[6n\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1b[14t`;

  test("and for nobody when that has ended", async () => {
    await type("clear\n", atPrompt);
    for (const _ of times.slice(10))
      await type(`python3 -c 'print("${queries}", end="")'\n`, atPrompt);
    const { screen } = await type("echo last; true\n", { ...atPrompt, ...look });
    const shown = screen?.text?.[0]?.lines.join("\n") ?? "";
    expect(shown).not.toMatch(/command not found|2026;|64;1;|rgb:|\d+;\d+R/);
    expect(screen?.text?.[0]?.terminal?.lastCommand).toMatchObject({ line: "echo last; true" });
  });

  test("and for nobody when that is about to end, whatever it still waits for", async () => {
    const asker = `python3 -c '
import os, select, tty
cooked = tty.setraw(0)
poll = select.epoll()
poll.register(0, select.EPOLLIN)
poll.register(os.pipe()[0], select.EPOLLIN)
os.write(1, b"ready")
poll.poll()
os.read(0, 99)
os.write(1, b"\\x1b[?2026$p")
poll.poll(0.03)
tty.tcsetattr(0, tty.TCSANOW, cooked)'`;
    for (const _ of times.slice(15)) {
      await type(`clear\n${asker}\n`, { wait: { text: ["^ready"] } });
      await type("q\n", atPrompt);
    }
    const { screen } = await type("echo last; true\n", { ...atPrompt, ...look });
    expect(screen?.text?.[0]?.terminal?.lastCommand).toMatchObject({ line: "echo last; true" });
  });

  test("who reads it then, by itself or in the shell", async () => {
    await type("clear\n", atPrompt);
    const reader = `import os, tty; tty.setraw(0); os.write(1, b"\\x1b[?2026$p"); got = os.read(0, 99); os.system("stty sane"); print("got", got[1:].decode())`;
    await type(`python3 -c '${reader}'\n`, { wait: { text: [String.raw`^got \[\?2026;\d\$y$`] } });
    await type("clear; printf '\\e[6n'; read -sdR place; echo at \"$place\" | cat -v\n", {
      wait: { text: [String.raw`^at \^\[\[\d+;\d+$`] },
    });
  });

  test("and counts as nothing that was typed", async () => {
    const typed = await type(`python3 -c 'print("${queries}", end=""); input()'\n`);
    expect(typed.delivered).toBe(true);
    await press(["Return"], atPrompt);
  });
});

describe("a look since `before`", () => {
  const changes = { thenScreen: { image: false, since: "before" } };

  test("has what the action has changed, however much was there", async () => {
    await type("seq 100\n", atPrompt);
    const seen = await type("echo he''re\n", { ...atPrompt, ...changes });
    expect(linesOf(seen).filter((line) => line !== "")).toEqual([
      expect.stringMatching(/\$ echo he''re$/),
      "here",
      expect.stringMatching(/\$$/),
    ]);
    expect(seen.screen).toMatchObject({ changed: true, gone: [] });
  });

  test("says that nothing has", async () => {
    const move = { at: { x: 5, y: 5 }, ...changes };
    const seen = await daemon.call<Output<"move">>("POST", "/v1/sessions/act/move", move);
    expect(seen.screen).toMatchObject({ changed: false, text: [{ lines: [] }] });
  });
});
