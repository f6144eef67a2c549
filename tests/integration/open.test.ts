import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import { TestDaemon } from "../support/daemon.ts";

type Opened = Output<"open">;

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "opens", workspace: null });
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

const post = <T>(verb: string, body: object) =>
  daemon.call<T>("POST", `/v1/sessions/opens/${verb}`, body);
const open = (target: string[], more: object = {}) => post<Opened>("open", { target, ...more });
const exec = async (line: string) =>
  (await post<Output<"exec">>("exec", { command: [line] })).stdout;
const windows = async () =>
  (await daemon.call<Output<"windows">>("GET", "/v1/sessions/opens/windows")).windows;

describe("open", () => {
  let opened: Opened | null = null;
  afterEach(async () => {
    if (opened) await post(`windows/${opened.window.id}/close`, {});
    opened = null;
  });

  test("a program, with its arguments: replies when its window is there", async () => {
    opened = await open(["xterm", "-T", "mine", "-e", "cat"], { wait: { title: ["^mine$"] } });
    expect(opened.opened).toMatchObject({ kind: "command", pid: expect.any(Number) });
    expect(opened.window).toMatchObject({ title: "mine", class: "XTerm" });
    expect((await windows()).map(({ id }) => id)).toContain(opened.window.id);
    const { screen } = await post<{ screen: Output<"screen"> }>("type", {
      text: "for it\n",
      wait: { text: ["^for it$"] },
      thenScreen: true,
    });
    expect(screen.window?.id).toBe(opened.window.id);
  });

  test("a line for the shell, and looks as asked when its text is there", async () => {
    opened = await open(["/usr/bin/xterm -T direct"]);
    await post(`windows/${opened.window.id}/close`, {});
    opened = await open(['COLOUR=red; xterm -T line -e "echo $COLOUR; cat"'], {
      wait: { text: ["^red$"] },
    });
    expect(opened.window.title).toBe("line");
    expect(opened.waited?.condition).toBe("text=^red$");
  });

  test("a text in the editor, and a folder in a terminal", async () => {
    await exec("mkdir -p docs; echo first line > 'docs/to do.txt'");
    opened = await open(["docs/to do.txt"], { wait: { text: ["^first line"] } });
    expect(opened).toMatchObject({ opened: { kind: "path" }, window: { title: "to do.txt" } });
    await post(`windows/${opened.window.id}/close`, {});
    const there = "/workspace/docs";
    opened = await open(["docs"], { wait: { text: [there] }, thenScreen: true });
    const { id } = opened.window;
    const block = opened.screen?.text?.find(({ window }) => window === id);
    expect(block?.lines.join()).toContain(there);
  });

  test("knows its window from one that another program opens at the same time", async () => {
    await post("exec", { command: ["sleep 0.1; exec xterm -T other -e cat"], detach: true });
    const later = "until xdotool search --name '^other$' >/dev/null; do sleep 0.05; done";
    opened = await open([`${later}; exec xterm -T own -e cat`]);
    expect(opened.window.title).toBe("own");
    expect((await windows()).map(({ title }) => title)).toContain("other");
    await post("windows/other/close", {});
  });

  test("takes the window of a program that was told to open it", async () => {
    const asked = "(setsid env -u NEXORA_OPENED sh -c 'sleep 0.3; exec xterm -T told -e cat' &)";
    opened = await open([`${asked} >/dev/null 2>&1`]);
    expect(opened.window.title).toBe("told");
  });
});

describe("what cannot be opened is an error that says why", () => {
  const fails = async (target: string[], more: object = {}) =>
    open(target, more).then(
      () => null,
      (error: { code: string; message: string }) => error,
    );

  test.each([
    ["a path where nothing is", ["./nowhere.txt"], "not_found", "/workspace/nowhere.txt"],
    ["a program that is not there", ["no-such-program", "x"], "action_failed", "not found"],
    ["a line that fails", ["no-such-program"], "action_failed", "status 127"],
    ["its last words", ["echo the reason >&2; exit 3"], "action_failed", "the reason"],
    ["a page without a browser", ["https://example.org"], "action_failed", "no browser"],
    ["a flag too late", ["https://example.org", "--then-screen"], "usage", "one word too many"],
  ])("%s", async (_, target, code, message) => {
    expect(await fails(target)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("a file of which nothing is known", async () => {
    await exec("head -c 100 /dev/zero > blob");
    expect(await fails(["blob"])).toMatchObject({ code: "action_failed" });
  });

  test("a program without a window, which goes on", async () => {
    const error = await fails(["exec sleep 1000"], { withinMs: 300 });
    expect(error?.code).toBe("timeout");
    const [, pid] = /it still runs, as process (\d+)/.exec(error?.message ?? "") ?? [];
    expect(await exec(`cat /proc/${pid}/comm; kill ${pid}`)).toBe("sleep\n");
  });
});
