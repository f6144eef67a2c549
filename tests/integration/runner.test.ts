import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../scripts/build/compile.ts";
import {
  encodeFrames,
  encodeJsonFrame,
  type Frame,
  frameJson,
  frameType,
} from "../../src/frames.ts";
import { readLines } from "../../src/lines.ts";
import type { RunnerEvent, RunnerHealth } from "../../src/runner/protocol.ts";
import { devtoolsEndpoint } from "../support/devtools-endpoint.ts";
import { docker, RunnerContainer } from "../support/runner-container.ts";
import { baseImage } from "../support/workstations.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** The events of a reply, until it ends. */
async function* eventsOf({ body }: Response): AsyncGenerator<RunnerEvent> {
  if (body) for await (const line of readLines(body)) yield JSON.parse(line) as RunnerEvent;
}

let folder: string;
let runner: string;
let box: RunnerContainer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexora-runner-build-"));
  runner = join(folder, "runner");
  const entry = join(import.meta.dir, "../../docker/workstation/runner/main.ts");
  await compile({ entry, output: runner });
  box = await RunnerContainer.start({ image: baseImage, runner });
});

afterAll(async () => {
  await box?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe("boot", () => {
  test("READY comes when the display, the window manager and the prompt are there", async () => {
    const health = (await (await box.fetch("/runner/health")).json()) as RunnerHealth;
    expect(health.ready).toBe(true);
    expect(health.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ["display", true],
      ["window manager", true],
      ["terminal", true],
    ]);
    const { focused, terminal } = await box.screen();
    expect(focused).toMatchObject({ class: "XTerm", terminal: "t1" });
    expect(terminal).toMatchObject({ id: "t1", prompt: true, exitStatus: null, alternate: false });
  });

  test("the user has a name, a private home and no way to write the root", async () => {
    const line = 'id -un; stat -c %a "$HOME"; pwd; touch /etc/x 2>&1 | grep -c "Read-only"';
    expect((await box.exec({ command: [line] })).stdout).toBe("nexora\n700\n/workspace\n1\n");
  });

  test("no thread of the runner or a relay is one that ends and is made again", async () => {
    const output = async (line: string) => (await box.exec({ command: [line] })).stdout;
    const threads = await output("cat /proc/[0-9]*/task/*/comm");
    expect(threads).toContain("runner");
    // Under a full limit of processes, making one would abort the whole runner.
    expect(threads).not.toMatch(/JITWorker|ollector Thread|HeapHelper|JSCWarmUp/);
    await box.type("clear; env | grep -c BUN_JSC; echo do'n'e\n");
    const { terminal } = await box.screenWhen(
      (now) => now.terminal?.lines.includes("done") ?? false,
    );
    expect(terminal?.lines.slice(0, 2)).toEqual(["0", "done"]);
    expect(await output("env | grep -c BUN_JSC")).toBe("0\n");
  });

  test("the VNC password is nowhere in arguments or environments", async () => {
    const line =
      "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c '^secret12'";
    expect((await box.exec({ command: [line] })).stdout).toBe("0\n");
  });

  test("what the shell asks of its terminal before there is a window is answered", async () => {
    const ask = String.raw`[ "$asked" ] || { asked=1; stty -echo -icanon; printf '\e[c'; IFS= read -rd c -t 20 answer; stty sane; }`;
    await using asking = await RunnerContainer.start({
      image: baseImage,
      runner,
      boot: { env: { PROMPT_COMMAND: ask } },
    });
    await asking.type("clear; printf '%q\\n' \"$answer\"\n");
    const { terminal } = await asking.screenWhen(
      (now) => (now.terminal?.prompt && now.terminal.lines[1]?.includes("$")) ?? false,
    );
    // Primary device attributes (DA1) without the final c that `read` stopped at.
    expect(terminal?.lines[0]).toMatch(/^\$'\\E\[\?\d+(;\d+)*'$/);
  });

  test("a bad boot line ends the runner, which names the field", () => {
    const start = RunnerContainer.start({ image: baseImage, runner, boot: { name: "two\nlines" } });
    return expect(start).rejects.toThrow("the boot line needs a `name`");
  });
});

describe("guard", () => {
  test.each(["/runner/health", "/runner/exec", "/json/version", "/devtools/page/1", "/nothing"])(
    "%s refuses a stranger and a web page",
    async (path) => {
      const wrong = { authorization: `Bearer ${"f".repeat(32)}` };
      expect((await box.strangerFetch(path)).status).toBe(401);
      expect((await box.strangerFetch(path, { headers: wrong })).status).toBe(401);
      expect((await box.fetch(path, { headers: { origin: "http://localhost" } })).status).toBe(403);
    },
  );

  test("DevTools without a browser say that it does not run", async () => {
    const reply = await box.fetch("/json/version");
    expect(reply.status).toBe(502);
    expect(await reply.json()).toMatchObject({ code: "engine_failed" });
  });
});

describe("exec", () => {
  test("one word is a shell line; several are a program and its arguments", async () => {
    const line = await box.exec({ command: ["echo $GREETING; echo oops >&2; exit 7"] });
    expect(line).toMatchObject({ stdout: "hello\n", stderr: "oops\n", result: { exitCode: 7 } });
    const argv = await box.exec({ command: ["echo", "a  b", "$HOME"] });
    expect(argv.stdout).toBe("a  b $HOME\n");
    expect(argv.order).toEqual([frameType.started, frameType.stdout, frameType.result]);
  });

  test("env and cwd hold; a folder that is missing is named", async () => {
    const spec = { command: ["sh", "-c", "echo $A; pwd"], env: { A: "x y" }, cwd: "/tmp" };
    expect((await box.exec(spec)).stdout).toBe("x y\n/tmp\n");
    const missing = box.exec({ command: ["true", "x"], cwd: "gone" });
    await expect(missing).rejects.toThrow("/workspace/gone");
  });

  test("a program that is missing or not executable ends as in a shell", async () => {
    const missing = await box.exec({ command: ["nosuchprogram", "x"] });
    expect(missing).toMatchObject({ result: { exitCode: 127 } });
    expect(missing.stderr).toContain("nosuchprogram: command not found");
    const file = await box.exec({ command: ["/etc/passwd", "x"] });
    expect(file).toMatchObject({ result: { exitCode: 126 } });
  });

  test("programs, not the runner, are ended when memory runs out", async () => {
    const command = ["cat /proc/self/oom_score_adj"];
    for (const tty of [null, { columns: 80, rows: 24, term: "xterm" }]) {
      const { stdout } = await box.exec({ command, ...(tty ? { tty } : {}) });
      expect(Number(stdout)).toBe(600);
    }
    // It may just be about to take its own score back.
    const untilBack = "until grep -qx 0 /proc/$PPID/oom_score_adj; do :; done; echo back";
    const { stdout } = await box.exec({ command: [untilBack], timeoutMs: 10_000 });
    expect(stdout).toBe("back\n");
  });

  test("a signal is reported by name", async () => {
    const { result } = await box.exec({ command: ["sh", "-c", "kill -SEGV $$"] });
    expect(result).toMatchObject({ exitCode: null, signal: "SIGSEGV", timedOut: false });
  });

  test("a time-out ends the whole process group, also what ignores SIGTERM", async () => {
    const command = ["sh", "-c", "trap '' TERM; sleep 4242 & sleep 4242"];
    const { result } = await box.exec({ command, timeoutMs: 1000 });
    expect(result).toMatchObject({ timedOut: true, signal: "SIGKILL" });
    expect((await box.exec({ command: ["pgrep", "-fx", "sleep 4242"] })).stdout).toBe("");
  });

  test("a client that goes away ends the process group", async () => {
    const abort = new AbortController();
    const body = encodeJsonFrame(frameType.spec, { command: ["sleep 4343 & sleep 4343"] });
    const frames = box.frames("/runner/exec", body, abort.signal);
    await frames.next();
    const running = async () =>
      (await box.exec({ command: ["pgrep", "-fx", "sleep 4343"] })).stdout;
    while ((await running()).trim().split("\n").length < 2);
    abort.abort();
    while ((await running()) !== "");
  });

  test("a time-out of 30 days is none of a millisecond", async () => {
    const timeoutMs = 30 * 24 * 3600 * 1000;
    const { stdout, result } = await box.exec({ command: ["sleep 0.2; echo on"], timeoutMs });
    expect(stdout).toBe("on\n");
    expect(result).toMatchObject({ exitCode: 0, timedOut: false });
  });

  test("a background process does not hold the reply up, and lives on", async () => {
    const { stdout, result } = await box.exec({ command: ["sleep 4444 & echo on"] });
    expect(stdout).toBe("on\n");
    expect(result?.durationMs).toBeLessThan(3000);
    expect((await box.exec({ command: ["pkill -fx 'sleep 4444'"] })).result?.exitCode).toBe(0);
  });

  test("detach replies at once with no exit code", async () => {
    const command = ["sh", "-c", "sleep 0.2; echo late > /workspace/late"];
    const { order, result } = await box.exec({ command, detach: true });
    expect(order).toEqual([frameType.started, frameType.result]);
    expect(result).toMatchObject({ exitCode: null, signal: null });
    const wait = "until [ -s late ]; do sleep 0.05; done; cat late";
    expect((await box.exec({ command: [wait], timeoutMs: 5000 })).stdout).toBe("late\n");
  });

  test("100 MB of binary pass through cat unharmed", async () => {
    const block = new Uint8Array(100_000_000).map((_, at) => (at * 2654435761) >>> 24);
    const body = Buffer.concat([
      encodeJsonFrame(frameType.spec, { command: ["cat", "-"] }),
      ...encodeFrames(frameType.stdin, block),
    ]);
    const hash = createHash("sha256");
    for await (const frame of box.frames("/runner/exec", body)) {
      if (frame.type === frameType.stdout) hash.update(frame.payload);
    }
    expect(hash.digest("hex")).toBe(createHash("sha256").update(block).digest("hex"));
  });

  test("a slow reader of endless output costs no memory", async () => {
    const abort = new AbortController();
    const body = encodeJsonFrame(frameType.spec, { command: ["cat", "/dev/zero"] });
    const frames = box.frames("/runner/exec", body, abort.signal);
    for (let count = 0; count < 5; count++) await frames.next();
    const line = "awk '/VmRSS/ {print int($2/1024)}' /proc/$PPID/status";
    await Bun.sleep(500);
    expect(Number((await box.exec({ command: [line] })).stdout)).toBeLessThan(150);
    abort.abort();
  });

  test("a terminal has its size, takes resizes and input, and ends with the status", async () => {
    const resized = encodeJsonFrame(frameType.resize, { columns: 71, rows: 19 });
    let answered = false;
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const script = "trap 'stty size' WINCH; stty size; tty; read x; echo got $x; exit 3";
    const tty = { columns: 91, rows: 17, term: "screen" };
    const spec = { command: ["bash", "-c", `${script}`], tty };
    void writer.write(encodeJsonFrame(frameType.spec, spec));
    let output = "";
    let result: Frame | null = null;
    for await (const frame of box.frames("/runner/exec", readable)) {
      if (frame.type === frameType.stdout) output += new TextDecoder().decode(frame.payload);
      if (frame.type === frameType.result) result = frame;
      if (output.includes("/dev/pts/") && !answered) {
        answered = true;
        await writer.write(resized);
        for (const stdin of encodeFrames(frameType.stdin, bytes("yes\r")))
          await writer.write(stdin);
      }
    }
    expect(output).toContain("17 91");
    expect(output).toContain("got yes");
    expect(result && frameJson(result)).toMatchObject({ exitCode: 3 });
    await writer.close().catch(() => {});
  });

  test("a program that ends at once on its terminal loses neither output nor status", async () => {
    const tty = { columns: 80, rows: 24, term: "xterm" };
    for (let count = 0; count < 50; count++) {
      const { stdout, result } = await box.exec({ command: ["printf", "x%s", "y"], tty });
      expect([stdout, result?.exitCode]).toEqual(["xy", 0]);
    }
  });

  test.each([{ command: [] }, { command: "ls" }, { command: ["a\0b"] }, null])(
    "refuses %j",
    async (spec) => {
      const body = encodeJsonFrame(frameType.spec, spec);
      const reply = await box.fetch("/runner/exec", { method: "POST", body });
      expect(reply.status).toBe(400);
    },
  );
});

describe("terminal", () => {
  test("text, cursor, status and foreground command are exact", async () => {
    await box.type("clear; printf 'wide 漢字 🙂|\\nend'; sh -c 'exit 5'\r");
    const { terminal } = await box.screenWhen(
      (screen) => screen.terminal?.prompt === true && screen.terminal.exitStatus === 5,
    );
    expect(terminal?.lines[0]).toBe("wide 漢字 🙂|");
    expect(terminal?.lines[1]).toStartWith("end");
    expect(terminal?.cursor.y).toBe(1);
    await box.type("cat\r");
    await box.screenWhen((screen) => screen.terminal?.command === "cat");
    await box.type("\x03");
    await box.screenWhen(({ terminal }) => terminal?.exitStatus === 130 && terminal.prompt);
  });

  test("the prompt is gone as soon as Return is sent, and an empty line brings it back", async () => {
    await box.type("echo x");
    expect((await box.screen()).terminal?.prompt).toBe(true);
    await box.type("\x15sleep 60\r");
    expect((await box.screen()).terminal?.prompt).toBe(false);
    await box.screenWhen((screen) => screen.terminal?.command === "sleep 60");
    await box.type("\x03");
    await box.screenWhen((screen) => screen.terminal?.prompt === true);
    await box.type("\r");
    await box.screenWhen((screen) => screen.terminal?.prompt === true);
  });

  test("the foreground command of a pipeline is one that still runs", async () => {
    await box.type("true | sleep 4747\r");
    await box.screenWhen((screen) => screen.terminal?.command === "sleep 4747");
    await box.type("\x03");
    await box.screenWhen((screen) => screen.terminal?.prompt === true);
  });

  test("a full-screen program is on the alternate screen", async () => {
    // It asks the terminal nothing: a shell would get an answer that is late.
    await box.type("vim -u NONE --cmd 'set t_RV= t_RB= t_RF= t_u7=' new.txt\r");
    await box.screenWhen((screen) => screen.terminal?.alternate === true);
    await box.type("ihello\x1b");
    const { terminal } = await box.screenWhen((screen) => screen.terminal?.lines[0] === "hello");
    expect(terminal).toMatchObject({
      command: "vim -u NONE --cmd set t_RV= t_RB= t_RF= t_u7= new.txt",
    });
    expect(terminal?.cursor).toMatchObject({ x: 4, y: 0 });
    await box.type(":q!\r");
    await box.screenWhen((screen) => screen.terminal?.prompt === true);
  });

  test("10,000 characters arrive byte for byte", async () => {
    const line = `\\t äöß €漢字 🙂 ñ ~ ^ ´ "'$\r`;
    const text = line.repeat(Math.ceil(10_000 / line.length));
    await box.type("cat > typed.txt\r");
    await box.screenWhen((screen) => screen.terminal?.command === "cat");
    await box.type(text);
    await box.type("\x04");
    await box.screenWhen((screen) => screen.terminal?.prompt === true);
    const typed = await Bun.file(join(box.workspace, "typed.txt")).text();
    expect(typed).toBe(text.replaceAll("\r", "\n"));
  });

  test("a flood of output leaves Ctrl+C and the scrollback at hand", async () => {
    await box.type("clear; yes flood\r");
    for (let isFull = false; !isFull; ) {
      const { terminal } = await box.screen(1000);
      isFull = terminal !== null && terminal.lines.length === 1000 + terminal.rows;
    }
    await box.type("\x03");
    await box.screenWhen((screen) => screen.terminal?.prompt === true, 5000);
    const { terminal } = await box.screen(1000);
    expect(terminal?.lines.length).toBe(1000 + (terminal?.rows ?? 0));
  });

  test("the prompt between two commands that were typed at once does not count", async () => {
    const seen: RunnerEvent[] = [];
    const listening = new AbortController();
    const events = await box.fetch("/runner/events", { signal: listening.signal });
    await box.type("clear; sleep 0.3; (exit 3)\rsleep 0.3; (exit 4)\r\recho la''st\r");
    expect((await box.screen()).terminal?.prompt).toBe(false);
    const { terminal } = await box.screenWhen((screen) => screen.terminal?.prompt === true);
    expect(terminal?.lines.join("\n")).toMatch(/^last$/m);
    for await (const event of eventsOf(events)) {
      seen.push(event);
      if (event.type === "prompt") break;
    }
    listening.abort();
    expect(seen.at(-1)).toEqual({ type: "prompt", id: "t1", exitStatus: 0 });
  });

  test("the prompt is there while pasted lines wait for Return", async () => {
    await box.type("\x1b[200~echo one\necho two\x1b[201~");
    await box.screenWhen(({ terminal }) => /echo two$/m.test(terminal?.lines.join("\n") ?? ""));
    expect((await box.screen()).terminal?.prompt).toBe(true);
    await box.type("\x03");
    await box.screenWhen((screen) => screen.terminal?.prompt === true);
  });

  test("input of every length is taken, and answered at once", async () => {
    await box.type("stty raw -echo; head -c 140000 | md5sum > sum; stty sane\r");
    await box.screenWhen(({ terminal }) => terminal?.command?.startsWith("head") === true);
    const hash = createHash("md5");
    for (const length of [1, 4094, 4095, 4096, 4097, 8190, 8191, 100_000, 7236]) {
      const text = String.fromCharCode(97 + (length % 26)).repeat(length);
      hash.update(text);
      expect((await box.input({ text, deadlineMs: 4000 })).status).toBe(200);
    }
    await box.screenWhen((screen) => screen.terminal?.prompt === true);
    const sum = await Bun.file(join(box.workspace, "sum")).text();
    expect(sum.slice(0, 32)).toBe(hash.digest("hex"));
  });

  test("the focus is told together with what its terminal has received", async () => {
    const { focused, terminal } = await box.screen();
    const focus = await (await box.fetch("/runner/focus")).json();
    expect(focus).toEqual({
      window: focused,
      terminal: { id: "t1", inputBytes: terminal?.inputBytes },
    });
  });

  test("waiting for input bytes ends when they come, or at its deadline", async () => {
    const before = (await box.screen()).terminal?.inputBytes ?? 0;
    const waiting = box.input({ awaitInputBytes: before + 3, deadlineMs: 5000 });
    await box.type("abc\x15");
    const reply = { terminal: "t1", inputBytes: before + 4 };
    expect(await (await waiting).json()).toEqual(reply);
    const inVain = await box.input({ awaitInputBytes: before + 1000, deadlineMs: 50 });
    expect(await inVain.json()).toEqual(reply);
  });

  test("events begin with a heartbeat, at once", async () => {
    const listening = new AbortController();
    const reply = await box.fetch("/runner/events", { signal: listening.signal });
    const { value } = await eventsOf(reply).next();
    listening.abort();
    expect(value).toMatchObject({ type: "heartbeat" });
  });

  test("events tell of prompts with their status", async () => {
    const reply = await box.fetch("/runner/events");
    await box.type("sh -c 'exit 9'\r");
    for await (const event of eventsOf(reply)) {
      if (event.type !== "prompt") continue;
      expect(event).toEqual({ type: "prompt", id: "t1", exitStatus: 9 });
      break;
    }
  });

  test("the shell outlives its xterm, and the next xterm shows it again", async () => {
    await box.type("clear; echo still here\r");
    await box.screenWhen((screen) => screen.terminal?.lines[0] === "still here");
    const events = await box.fetch("/runner/events");
    await box.exec({ command: ["pkill", "-x", "xterm"] });
    let isGone = false;
    for await (const event of eventsOf(events)) {
      if (event.type !== "focus") continue;
      const isBack = event.window?.terminal === "t1";
      if (isGone && isBack) break;
      isGone ||= !isBack;
    }
    expect((await box.screen()).terminal?.lines[0]).toBe("still here");
  });

  test("another xterm is a terminal of its own, mapped by its window", async () => {
    await box.exec({ command: ["xterm", "-e", "/usr/lib/nexora/runner", "relay"], detach: true });
    const second = await box.screenWhen(({ focused }) => focused?.terminal === "t2");
    expect(second.terminal?.id).toBe("t2");
    await box.screenWhen(({ terminal }) => terminal?.id === "t2" && terminal.prompt);
    await box.type("exit\r");
    await box.screenWhen(({ focused }) => focused?.terminal === "t1");
  });

  test("attach mirrors the screen and types", async () => {
    await box.type("clear; echo before\r");
    await box.screenWhen((screen) => screen.terminal?.lines[0] === "before");
    const body = Buffer.concat([
      encodeJsonFrame(frameType.spec, {}),
      ...encodeFrames(frameType.stdin, bytes("echo $((40+2))\r")),
    ]);
    const abort = new AbortController();
    let output = "";
    for await (const frame of box.frames("/runner/attach", body, abort.signal)) {
      if (frame.type === frameType.stdout) output += new TextDecoder().decode(frame.payload);
      if (/^(?!.*echo).*42\r$/m.test(output)) break;
    }
    abort.abort();
    expect(output.indexOf("before")).toBeGreaterThanOrEqual(0);
  });
});

describe("DevTools", () => {
  beforeAll(async () => {
    await compile({ entry: devtoolsEndpoint, output: join(box.workspace, "endpoint") });
    await box.exec({ command: ["./endpoint", "x"], detach: true });
    while ((await box.fetch("/json/version")).status === 502);
  });

  test("addresses lead back through the runner", async () => {
    expect(await (await box.fetch("/json/version")).json()).toEqual({
      webSocketDebuggerUrl: `ws://${box.host}/devtools/browser/1`,
    });
  });

  test("messages of any size pass both ways, in order", async () => {
    const socket = await box.webSocket("/devtools/browser/1");
    const sent = ["one", "x".repeat(20_000_000), "two"];
    const received: string[] = [];
    const all = new Promise<void>((resolve) => {
      socket.onmessage = ({ data }) => {
        received.push(String(data));
        if (received.length === sent.length) resolve();
      };
    });
    for (const message of sent) socket.send(message);
    await all;
    expect(received.map((text) => text.length)).toEqual(sent.map((text) => text.length));
    expect(received.at(-1)).toBe("two");
    socket.close();
  });

  test("a stranger's WebSocket is refused", async () => {
    await expect(box.webSocket("/devtools/browser/1", "f".repeat(32))).rejects.toBeDefined();
  });

  test("a page that ends closes the client's WebSocket", async () => {
    const socket = await box.webSocket("/devtools/browser/1");
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    await box.exec({ command: ["pkill", "-x", "endpoint"] });
    expect(await closed).toBe(1011);
  });
});

describe("files", () => {
  test("a folder goes out and in again as a tar stream", async () => {
    await box.exec({ command: ["mkdir -p 'a b/c' && echo one > 'a b/c/1' && ln -s c 'a b/l'"] });
    const tar = await (await box.fetch("/runner/files?path=a%20b")).bytes();
    const reply = await box.fetch("/runner/files?path=deep/er", { method: "PUT", body: tar });
    expect(await reply.json()).toEqual({ path: "/workspace/deep/er" });
    const { stdout } = await box.exec({
      command: ["cat 'deep/er/a b/l/1'; readlink 'deep/er/a b/l'"],
    });
    expect(stdout).toBe("one\nc\n");
  });

  test("stat names the type, and `none` for what is missing", async () => {
    const stat = async (path: string) =>
      (await box.fetch(`/runner/files/stat?path=${path}`)).json();
    expect(await stat("/etc/passwd")).toMatchObject({ type: "file" });
    expect(await stat("/tmp")).toMatchObject({ type: "directory" });
    expect(await stat("gone")).toEqual({ type: "none", sizeBytes: 0 });
  });

  test("what cannot be read or written is named", async () => {
    const missing = await box.fetch("/runner/files?path=gone");
    expect([missing.status, await missing.json()]).toMatchObject([404, { code: "not_found" }]);
    const put = (path: string, body: Uint8Array) =>
      box.fetch(`/runner/files?path=${path}`, { method: "PUT", body });
    expect(await (await put("/etc/x", bytes(""))).json()).toMatchObject({ code: "action_failed" });
    expect((await put("/tmp/x", bytes("not a tar"))).status).toBe(422);
  });
});

describe("end", () => {
  test("a window manager that dies comes back and manages windows", async () => {
    await box.exec({ command: ["pkill", "-KILL", "-x", "fluxbox"] });
    await box.hears((line) => "log" in line && line.text.startsWith("fluxbox ended by SIGKILL"));
    const command = ["xterm", "-e", "sleep", "4545"];
    await box.exec({ command, detach: true });
    await box.screenWhen(({ focused }) => focused?.title === "sleep");
    await box.exec({ command: ["pkill", "-fx", "sleep 4545"] });
    await box.screenWhen(({ focused }) => focused?.terminal === "t1");
  });

  test("the memory of a workstation without a browser stays under 90 MB", async () => {
    const usage = await docker("stats", "--no-stream", "--format", "{{.MemUsage}}", box.name);
    expect(Number.parseFloat(usage)).toBeLessThan(90);
    expect(usage).toContain("MiB /");
  });

  test("a stopped workstation starts again with its home", async () => {
    await box.exec({ command: ["echo kept > ~/kept"] });
    await box.restart();
    expect((await box.exec({ command: ["cat ~/kept"] })).stdout).toBe("kept\n");
    expect((await box.screen()).terminal?.prompt).toBe(true);
  });

  test("when Xvnc dies the runner says so and ends, and both are started again", async () => {
    box.said.length = 0;
    await box.exec({ command: ["pkill", "-KILL", "-x", "Xvnc"] }).catch(() => {});
    await box.hears((line) => "log" in line && line.text.includes("Xvnc was ended by SIGKILL"));
    await box.hears((line) => "event" in line && line.event === "ready");
  });
});
