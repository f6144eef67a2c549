import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createDisplays } from "../../daemon/display/displays.ts";
import type { Displays } from "../../daemon/display/types.ts";
import type { WorkstationRef } from "../../daemon/drivers/driver.ts";
import { createInput, type Input } from "../../daemon/input/input.ts";
import { RunnerClient } from "../../daemon/runner/client.ts";
import type { RunnerScreen } from "../../src/runner/screen.ts";
import { oddLine, sourceCode } from "../support/texts.ts";
import { baseImage, Workstations } from "../support/workstations.ts";

let workstations: Workstations;
let ref: WorkstationRef;
let displays: Displays;
let runner: RunnerClient;
let input: Input;

beforeAll(async () => {
  workstations = await Workstations.open();
  ref = await workstations.running(null, { image: baseImage });
  const { driver, secrets } = workstations;
  displays = createDisplays({
    locate: async () => ({ ...(await driver.dial(ref, "rfb")), password: secrets.vncPassword }),
  });
  runner = new RunnerClient(async () => ({
    ...(await driver.dial(ref, "runner")),
    token: secrets.token,
  }));
  input = createInput({ displays, runner });
});
afterAll(async () => {
  displays?.close();
  await workstations?.[Symbol.asyncDispose]();
});
const type = (text: string) => input.type("s", text);
const press = (...chords: string[]) => input.press("s", chords);
const run = async (script: string) => (await workstations.run(ref, script)).output;

/** Looks at the screen until it is as wanted. */
async function until(
  holds: (screen: RunnerScreen) => boolean | Promise<boolean>,
): Promise<RunnerScreen> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const screen = await runner.screen("s");
    if (await holds(screen)) return screen;
    if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(screen, null, 1)}`);
    await Bun.sleep(10);
  }
}
const shows = (text: RegExp) =>
  until((screen) => text.test(screen.terminal?.lines.join("\n") ?? ""));
const prompt = () => until((screen) => screen.terminal?.prompt === true);

/** Asks the terminal nothing: the shell would get an answer that is late. */
const vim = "vim -N -u NONE -i NONE --cmd 'set t_RV= t_RB= t_RF= t_u7='";

/** A server that still ends turns a new client away. */
const tmuxIsGone = () => until(async () => (await run("pgrep -x 'tmux: server'")) === "");

/** What a file in the workstation holds, byte for byte. */
async function content(path: string): Promise<string> {
  return Buffer.from(await run(`base64 -w0 ${path}`), "base64").toString();
}

describe("text arrives byte for byte", () => {
  const texts = async () => {
    const code = await sourceCode();
    return [
      { text: `${code}\n`, path: "keys" },
      { text: oddLine, path: "terminal" },
      { text: `${code}${oddLine}`, path: "terminal" },
    ] as const;
  };
  afterEach(async () => {
    await prompt();
    await type("clear; rm -f /tmp/typed\n");
    await prompt();
  });

  test("in cat", async () => {
    for (const { text, path } of await texts()) {
      await type("clear; cat > /tmp/typed\n");
      const characters = [...text].length;
      expect(await type(text)).toEqual({ characters, path, delivered: true });
      await press("ctrl+d");
      await prompt();
      expect(await content("/tmp/typed")).toBe(text);
    }
  });

  test("burst after burst, while the screen floods", async () => {
    const bursts = 20;
    const code = `${await sourceCode()}\n`;
    await type("stty -echo; (while :; do seq 1000; sleep 0.1; done) & cat > /tmp/typed; kill $!\n");
    await until((screen) => screen.terminal?.command === "cat");
    for (let i = 0; i < bursts; i++) {
      expect(await type(code)).toMatchObject({ path: "keys", delivered: true });
    }
    await press("ctrl+d");
    await type("stty echo\n");
    await prompt();
    const md5 = new Bun.CryptoHasher("md5").update(code.repeat(bursts)).digest("hex");
    expect(await run("md5sum < /tmp/typed")).toStartWith(md5);
  });

  test("in vim's insert mode", async () => {
    for (const { text, path } of await texts()) {
      await type(`rm -f /tmp/typed; ${vim} /tmp/typed\n`);
      await shows(/"\/tmp\/typed" \[New/);
      await press("i");
      expect(await type(text)).toMatchObject({ path, delivered: true });
      await type("\x1b:x\n");
      await prompt();
      // The cursor was on an empty line after the text's last line end.
      expect(await content("/tmp/typed")).toBe(`${text}\n`);
    }
  });

  test("in nano", async () => {
    for (const { text, path } of await texts()) {
      await type("rm -f /tmp/typed; nano --ignorercfiles --nonewlines /tmp/typed\n");
      await shows(/GNU nano/);
      expect(await type(text)).toMatchObject({ path, delivered: true });
      await press("ctrl+o", "Return", "ctrl+x");
      await prompt();
      expect(await content("/tmp/typed")).toBe(text);
    }
  });

  test("in a window that is no terminal of the runner's", async () => {
    await run(
      "DISPLAY=:1 setsid /usr/bin/xterm -title stranger -e sh -c 'cat > /tmp/typed' > /tmp/log 2>&1 &",
    );
    await until((screen) => screen.focused?.title === "stranger");
    const typed = await type(oddLine.repeat(5));
    expect(typed).toMatchObject({ path: "keys-paced", delivered: null });
    await press("ctrl+d");
    await until((screen) => screen.focused?.title !== "stranger");
    expect(await content("/tmp/typed")).toBe(oddLine.repeat(5));
  });
});

describe("one text is for the shell and for the programs that it starts", () => {
  beforeEach(async () => {
    await type("clear; rm -f /tmp/typed\n");
    await prompt();
  });
  const escapes = "sleep 0.3; vim -i NONE /tmp/typed\nione\x1bOAbove\x1b:wq\n";
  const texts: [string, string, string][] = [
    ["cat", "cat > /tmp/typed\none\ntwo\n\x04", "one\ntwo\n"],
    ["cat after cd", "cd /tmp\ncat > typed\none\n\x04cd\n", "one\n"],
    ["cat after slower commands", "sleep 0.2\nsleep 0.1\ncat >> /tmp/typed\none\n\x04", "one\n"],
    ["cat, twice", "cat > /tmp/typed\none\n\x04cat >> /tmp/typed\ntwo\n\x04", "one\ntwo\n"],
    ["read", "read x\nhello\necho $x > /tmp/typed\n", "hello\n"],
    ["cat after a reader", "read x; sleep 0.2\nhello\ncat > /tmp/typed\none\n\x04", "one\n"],
    ["a here-document", "cat > /tmp/typed <<END\none\ntwo\nEND\n", "one\ntwo\n"],
    ["a loop", "for i in 1 2\ndo cat\ndone > /tmp/typed\none\n\x04two\n\x04", "one\ntwo\n"],
    ["python", "python3 -q\nopen('/tmp/typed', 'w').write('1')\nexit()\n", "1"],
    ["another shell", "bash --norc\ncat > /tmp/typed\none\n\x04exit\n", "one\n"],
    ["vim", `${vim} /tmp/typed\nione\ntwo\x1b:wq\n`, "one\ntwo\n"],
    ["vim, where Escape and O are two keys", escapes, "Above\none\n"],
    ["letters off the keyboard", "cat > /tmp/typed\nöne\n漢字\n\x04", "öne\n漢字\n"],
  ];
  test.each(texts)("%s", async (_, text, expected) => {
    expect(await type(text)).toMatchObject({ delivered: true });
    await prompt();
    expect(await content("/tmp/typed")).toBe(expected);
  });

  test("50 commands run in order", async () => {
    const numbers = [...Array(50).keys()];
    await type(numbers.map((number) => `echo -n ${number}, >> /tmp/typed\n`).join(""));
    await prompt();
    expect(await content("/tmp/typed")).toBe(`${numbers},`);
  });

  test("Ctrl+C ends a command at once, whatever has been typed ahead", async () => {
    await type("sleep 4242\nsleep 4243\nsleep 4244\n");
    await until((screen) => screen.terminal?.command === "sleep 4242");
    await press("ctrl+c");
    expect((await prompt()).terminal).toMatchObject({ exitStatus: 130 });
    expect(await type("echo do''ne\n")).toMatchObject({ delivered: true });
    await shows(/^done$/m);
  });
});

describe("keys work", () => {
  test("in the shell: alt chords, ctrl chords and arrows edit the line", async () => {
    await type("echo one three");
    await press("M-b", "t", "w", "o", "space", "ctrl+a", "ctrl+Right", "ctrl+Right");
    await press("x", "Left", "Delete", "ctrl+e", "BackSpace", "Return");
    await shows(/^one two thre$/m);
    await prompt();
  });

  test("in vim: function keys, the keypad, Escape and control characters", async () => {
    await type(`${vim} /tmp/keys\n`);
    await shows(/"\/tmp\/keys" \[New/);
    await type(":imap <F5> five\n:imap <S-F6> six\ni");
    await press("F5", "space", "shift+F6", "Return");
    await press("KP_1", "KP_Add", "KP_2", "KP_Enter");
    await type("gone\x17kept\x1b");
    await type("\x1bgg:wq\n");
    await prompt();
    expect(await content("/tmp/keys")).toBe("five six\n1+2\nkept\n");
  });

  test("in tmux: the prefix opens a window, and text goes through", async () => {
    await type("tmux -f /dev/null\n");
    await shows(/0:bash\*/);
    await press("C-b", "c");
    await shows(/1:bash\*/);
    expect(await type("echo größer-漢 | tr r R\n")).toMatchObject({ delivered: true });
    await shows(/^gRößeR-漢$/m);
    await press("ctrl+b", "p");
    await shows(/0:bash\*/);
    await type("tmux kill-server\n");
    await shows(/\[server exited\]/);
    await prompt();
    await tmuxIsGone();
  });

  test("in tmux: keys and control characters are no paste, however many come at once", async () => {
    await type("tmux -f /dev/null\n");
    await shows(/0:bash\*/);
    await press("ctrl+b", "%", "ctrl+b", '"', "ctrl+b", "%");
    await until(async () => (await run("tmux list-panes | wc -l")).trim() === "4");
    await type("echo hi\x02c");
    await shows(/1:bash\*/);
    await type("\x02:kill-server\n");
    await prompt();
    await tmuxIsGone();
  });

  test("in tmux: with a delay each character is a key", async () => {
    await type("tmux -f /dev/null\n");
    await shows(/0:bash\*/);
    await input.type("s", "\x02c\x02c\x02c", { delayMs: 100 });
    await shows(/3:bash\*/);
    await type("\x02:kill-server\n");
    await prompt();
    await tmuxIsGone();
  });

  test("an Escape is no Alt: what follows comes when a program has given up waiting for more", async () => {
    const program = `import os, time, tty
tty.setraw(0)
print("ready", end="", flush=True)
os.read(0, 1)
read = time.monotonic()
os.read(0, 1)
apart = time.monotonic() - read
print("\\r\\napart" if apart > 0.05 else f"\\r\\n{apart}")
os.system("stty sane")`;
    await run(`base64 -d > /tmp/apart.py <<< ${Buffer.from(program).toString("base64")}`);
    await type("python3 /tmp/apart.py\n");
    await shows(/^ready/m);
    await type("\x1bO");
    await shows(/^apart/m);
    await prompt();
  });

  test("in htop: F2 opens its set-up, F10 leaves", async () => {
    await type("htop\n");
    await shows(/F10/);
    await press("F2");
    await shows(/Setup|Categories/);
    await press("F10");
    await shows(/F3\s?Search/);
    await press("F10");
    await prompt();
  });
});

test("keys that have not arrived are reported as such, and arrive later", async () => {
  await type("clear\n");
  await prompt();
  await run("pkill -STOP -x xterm");
  expect(await type("echo la''te\n")).toMatchObject({ path: "keys", delivered: false });
  await run("pkill -CONT -x xterm");
  await shows(/^late$/m);
});

test("text that takes the terminal's own way does not overtake late keys", async () => {
  await type("clear\n");
  await prompt();
  await run("pkill -STOP -x xterm; (sleep 1; pkill -CONT -x xterm) >/dev/null 2>&1 &");
  await press("e", "c", "h", "o", "space");
  await type("ä''ö\n");
  await shows(/^äö$/m);
});

test("text that ends the terminal it goes to is no error", async () => {
  expect(await type("exit\n")).toMatchObject({ path: "keys", characters: 5 });
  await prompt();
});
