import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { NexoraError } from "../../src/contract/errors.ts";
import type { WaitOutput } from "../../src/contract/wait.ts";
import { TestDaemon } from "../support/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "wait", workspace: null });
  await wait({ prompt: true });
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

const post = <T>(verb: string, body: Record<string, unknown>) =>
  daemon.call<T>("POST", `/v1/sessions/wait/${verb}`, body);
const wait = (body: Record<string, unknown>) => post<WaitOutput>("wait", body);
const type = async (text: string, condition: Record<string, unknown>) =>
  (await post<{ waited: WaitOutput }>("type", { text, wait: condition })).waited;
const key = (...keys: string[]) => post("key", { keys, wait: { prompt: true } });
const run = (command: string) => post("exec", { command: [command] });
/** Opens a window that is no terminal of the runner's, by this command; ends it, and has the terminal in front. */
const openWindow = (title: string) =>
  `/usr/bin/xterm -title ${title} -e sleep 1000 > /tmp/log 2>&1 &`;
const closeWindows = async () => {
  // A window may show before what runs in it.
  await run("until pkill -x -f 'sleep 1000'; do sleep 0.05; done");
  await wait({ title: ["nexora@wait"] });
};
const inVain = async (waiting: Promise<unknown>) => {
  const error = await waiting.then(
    () => null,
    (thrown: NexoraError) => thrown,
  );
  expect(error?.code).toBe("timeout");
  return { message: error?.message, details: error?.details };
};

/** Polls its terminal and other files at once, as libuv does. */
const pollsMuch = `python3 -c "
import select, os, sys
poll = select.epoll()
poll.register(0, select.EPOLLIN)
poll.register(os.pipe()[0], select.EPOLLIN)
print('name: ', end='', flush=True)
poll.poll()
"`;
const programs: [string, string, string, string][] = [
  ["read", "read -p 'Add tests? [y/N] ' x", "Add tests? [y/N]", "Return"],
  ["a script's read", "sh -c 'echo working; sleep 0.3; echo y/N; read x'", "y/N", "Return"],
  ["read with a time-out", "read -t 60 -p 'time: ' x", "time:", "Return"],
  ["input() of Python", "python3 -c 'input(\"sure? \")'", "sure?", "Return"],
  ["a password", "python3 -c 'import getpass; getpass.getpass()'", "Password:", "Return"],
  ["a program that polls much", pollsMuch, "name:", "Return"],
  ["less", "less /etc/profile", "/etc/profile (END)", "q"],
  ["cat", "cat", "$ cat", "ctrl+d"],
];

describe("input", () => {
  test.each(programs)("holds when %s waits for it", async (_, command, line, leave) => {
    await type("clear\n", { prompt: true });
    const { condition, asks } = await type(`${command}\n`, { input: true });
    expect(condition).toBe("input");
    expect(asks?.line).toEndWith(line);
    await key(leave);
  });

  test("holds in an editor, and at the shell's prompt with the status of what has ended", async () => {
    const { asks } = await type("vim -u NONE -i NONE /tmp/edited\n", { input: true });
    expect(asks?.program).toBe("vim -u NONE -i NONE /tmp/edited");
    const ended = await type(":cq 4\n", { input: true });
    expect(ended).toMatchObject({ condition: "input", asks: null, exitStatus: 4 });
  });

  /** Its server takes the connection and never says anything. */
  const curls = `python3 -c "
import socket, subprocess
server = socket.create_server(('127.0.0.1', 0))
subprocess.run(['curl', 'http://127.0.0.1:%d' % server.getsockname()[1]])
"`;
  const works = [
    ["sleeps", "sleep 100"],
    ["computes", "while :; do :; done"],
    ["computes beside one that reads", "sh -c 'while :; do :; done & read x'"],
    ["waits for a pipe", "sleep 100 | cat"],
    ["waits for the network", curls],
  ];
  test.each(works)("does not hold while a program %s", async (_, command) => {
    const line = `echo be''gun; ${command}`;
    await type("clear\n", { prompt: true });
    await type(`${line}\n`, { text: ["^begun$"] });
    try {
      const { details } = await inVain(wait({ input: true, timeoutMs: 500 }));
      expect(details).toMatchObject({ program: line, input: "works" });
    } finally {
      await key("ctrl+c");
    }
  });
});

describe("a wait in vain says what is in front", () => {
  test("a program that asks, with its line and the empty rows above", async () => {
    const asks = "clear; printf 'one\\n\\ntwo? '; read x";
    await type(`${asks}\n`, { input: true });
    const { message, details } = await inVain(wait({ prompt: true, timeoutMs: 100 }));
    expect(message).toEndWith(
      `waiting for prompt: ${JSON.stringify(asks)} waits for input at "two?"`,
    );
    expect(details?.screen).toEqual(["one", "", "two?"]);
    await key("ctrl+c");
  });

  test("an editor that fills the screen", async () => {
    await type("vim -u NONE -i NONE /tmp/edited\n", { input: true });
    const { message } = await inVain(wait({ prompt: true, timeoutMs: 100 }));
    expect(message).toContain('"vim -u NONE -i NONE /tmp/edited" fills the screen');
    await type(":q\n", { prompt: true });
  });

  test("the prompt, after which command", async () => {
    await type("clear; false\n", { prompt: true });
    const { message } = await inVain(wait({ text: ["OK"], timeoutMs: 100 }));
    expect(message).toEndWith('the shell is at its prompt, after "clear; false" with status 1');
  });

  test("another window, and shows no terminal's text as that one's", async () => {
    await type("clear; echo mine\n", { prompt: true });
    await run(`DISPLAY=:1 setsid ${openWindow("stranger")}`);
    await wait({ title: ["stranger"] });
    const { message, details } = await inVain(wait({ text: ["mine"], timeoutMs: 200 }));
    expect(message).toContain('the window in front is "stranger", which is no terminal');
    expect(details).toMatchObject({ window: "stranger", screen: null });
    expect(await inVain(wait({ prompt: true, timeoutMs: 200 }))).toMatchObject({
      message: expect.stringContaining("stranger"),
    });
    await closeWindows();
  });
});

test("a prompt is that of the terminal which had the focus, whatever window its command opens", async () => {
  const open = `${openWindow("opened")} sleep 0.5; (exit 3)`;
  const waited = await type(`${open}\n`, { prompt: true });
  expect(waited).toMatchObject({ condition: "prompt", exitStatus: 3 });
  await wait({ title: ["opened"] });
  await closeWindows();
});

describe("several conditions", () => {
  test("the first that holds ends it, and is named", async () => {
    const waited = await type("clear; echo O''K\n", { text: ["^FAIL$", "^OK$"] });
    expect(waited.condition).toBe("text=^OK$");
  });

  test("with all, each must hold at once, and the quiet comes after them", async () => {
    const all = {
      all: true,
      text: ["^one$", "^two$"],
      gone: ["^three$"],
      stableMs: 100,
      prompt: true,
    };
    const waited = await type("clear; echo one; sleep 0.2; echo two\n", all);
    expect(waited).toMatchObject({
      condition: "prompt and text=^one$ and text=^two$ and gone=^three$ and stable",
      exitStatus: 0,
    });
    const { message } = await inVain(wait({ all: true, text: ["one", "three"], timeoutMs: 100 }));
    expect(message).toContain("waiting for text=one and text=three (text=one held)");
  });

  test("flags at the start of a pattern are understood", async () => {
    const waited = await type("clear; echo Done; echo well\n", { text: ["(?is)DONE.WELL"] });
    expect(waited.condition).toBe("text=(?is)DONE.WELL");
  });
});
