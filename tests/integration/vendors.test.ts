import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import type { Output } from "../../src/contract/index.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import * as anthropic from "../fixtures/vendors/anthropic.ts";
import * as openai from "../fixtures/vendors/openai.ts";
import { TestDaemon } from "../support/daemon.ts";

type Block = Record<string, unknown> & { type: string };
interface Answer {
  content: Anthropic.Messages.ToolResultBlockParam[];
  left: string[];
}
interface Reply {
  input: OpenAI.Responses.ResponseInputItem[];
  left: string[];
}

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "desk", workspace: null, size: { width: 1280, height: 800 } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const path = "/v1/sessions/desk";
const claude = (content: readonly Block[] | Block, more: object = {}) =>
  daemon.call<Answer>("POST", `${path}/anthropic`, { content, ...more });
const gpt = (output: readonly Block[] | Block, more: object = {}) =>
  daemon.call<Reply>("POST", `${path}/openai`, { output, ...more });
const windows = () => daemon.call<Output<"windows">>("GET", `${path}/windows`);
const exec = async (line: string, detach = false) => {
  const fields = { command: [line], detach, cwd: "/tmp" };
  return (await daemon.call<Output<"exec">>("POST", `${path}/exec`, fields)).stdout ?? "";
};

let calls = 0;
const act = (name: string, input: object = {}) => ({
  type: "tool_use",
  id: `toolu_${calls++}`,
  name,
  toolset_name: "computer",
  input,
});
const tool = (name: string, input: object) => ({
  type: "tool_use",
  id: `toolu_${calls++}`,
  name,
  input,
});
const bash = async (command: string, more: object = {}) =>
  (await claude(tool("bash", { command }), more)).content[0];
const edit = async (input: object, more: object = {}, name = "str_replace_based_edit_tool") =>
  (await claude(tool(name, input), more)).content[0];

/** Looks again until it holds; programs take their time. */
async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(seen, null, 1)}`);
    await Bun.sleep(20);
  }
}

/** Width and height of a PNG (PNG specification, 11.2.2). */
function sizeOf(base64: string): [number, number] {
  const bytes = Buffer.from(base64, "base64");
  expect(bytes.toString("latin1", 12, 16)).toBe("IHDR");
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

/** Size of the picture at the end of a result. */
function pictureIn(result: Anthropic.Messages.ToolResultBlockParam | undefined): [number, number] {
  const last = Array.isArray(result?.content) ? result.content.at(-1) : undefined;
  if (last?.type !== "image" || last.source.type !== "base64") throw new Error("no picture");
  return sizeOf(last.source.data);
}

describe("Anthropic's computer", () => {
  test("a turn is carried out in order, and ends with what is there then", async () => {
    const turn = [
      act("left_click", { coordinate: [400, 300] }),
      act("type", { text: "this is deleted" }),
      act("key", { text: "ctrl+u" }),
      act("type", { text: "echo Grüße > /tmp/typed\n" }),
      act("screenshot"),
    ];
    const { content, left } = await claude(turn);
    expect(left).toEqual([]);
    const ok = [{ type: "text", text: "OK" }];
    expect(content.slice(0, 4)).toEqual(
      turn.slice(0, 4).map(({ id }) => ({
        type: "tool_result",
        tool_use_id: id,
        toolset_name: "computer",
        content: ok,
      })) as Answer["content"],
    );
    expect(content[4]?.toolset_name).toBe("computer");
    expect(pictureIn(content[4])).toEqual([1280, 800]);
    await until(
      () => exec("cat /tmp/typed"),
      (text) => text === "Grüße\n",
    );
  });

  test("after an action that fails, the rest is not executed", async () => {
    const { content, left } = await claude(anthropic.halted.content.map((each) => ({ ...each })));
    expect(content).toEqual(anthropic.halted.results);
    expect(left).toEqual(anthropic.halted.left);
    expect(await exec("ls /tmp/never 2>&1")).toContain("No such file");
  });

  test.each(anthropic.illFormed)("%s with %j is told to the model", async (name, input, says) => {
    const before = (await windows()).pointer;
    const { content } = await claude({ ...act(name), input });
    expect(content).toMatchObject([{ is_error: true, content: expect.stringContaining(says) }]);
    expect((await windows()).pointer).toEqual(before);
  });

  test("coordinates are those of the declared display", async () => {
    const display = { width: 640, height: 400 };
    const turn = [
      act("mouse_move", { coordinate: [100, 50] }),
      act("cursor_position"),
      act("zoom", { region: [0, 0, 320, 100] }),
      tool("computer", { action: "mouse_move", coordinate: [639, 399] }),
    ];
    const { content } = await claude(turn, { display });
    expect(content[1]?.content).toEqual([{ type: "text", text: "X=100, Y=50" }]);
    expect(pictureIn(content[2])).toEqual([640, 200]);
    // Nobody has asked for a picture after the last one.
    expect(pictureIn(content[3])).toEqual([640, 400]);
    expect(content[3]?.toolset_name).toBeUndefined();
    expect((await windows()).pointer).toMatchObject({ x: 1279, y: 799 });
    const outside = await claude(act("left_click", { coordinate: [640, 10] }), { display });
    expect(outside.content).toMatchObject([
      { is_error: true, content: "Error: 640,10 is outside of the screen, which is 640x400" },
    ]);
    const waited = await claude(act("wait", { duration: 0.1 }), { display });
    expect(pictureIn(waited.content[0])).toEqual([640, 400]);
    const none = await claude(act("mouse_move", { coordinate: [5, 5] }), { picture: false });
    expect(none.content[0]?.content).toEqual([{ type: "text", text: "OK" }]);
  });

  test("what the caller has wrong is an error of the request", async () => {
    const large = { display: { width: 3840, height: 2160 } };
    await expect(claude(act("screenshot"), large)).rejects.toMatchObject({ code: "usage" });
    const nameless = { type: "tool_use", name: "bash", input: {} };
    await expect(claude(nameless)).rejects.toMatchObject({ code: "usage" });
    expect(await claude([{ type: "text", text: "I am done." }])).toEqual({ content: [], left: [] });
  });
});

describe("buttons", () => {
  let xev: ManagedWindow;
  beforeEach(async () => {
    await exec("exec xev -geometry 300x200+200+100 -event button -event mouse >/tmp/xev", true);
    const { windows: all } = await until(windows, (it) =>
      it.windows.some(({ title }) => title === "Event Tester"),
    );
    xev = all.find(({ title }) => title === "Event Tester") as ManagedWindow;
  });
  afterEach(async () => {
    await exec("pkill xev || true");
    await until(windows, (it) => it.windows.every(({ title }) => title !== "Event Tester"));
  });

  const inXev = (x: number, y: number): [number, number] => [xev.region.x + x, xev.region.y + y];
  /** Presses and releases, as `ButtonPress 1 0x0`: type, button, what was down before. */
  const events = async () =>
    (await exec("cat /tmp/xev")).split("\n\n").flatMap((block) => {
      const [, type] = /^(\w+) event/.exec(block) ?? [];
      const [, state, button] = /state (0x[0-9a-f]+), button (\d+)/.exec(block) ?? [];
      return type && button ? [`${type} ${button} ${state}`] : [];
    });

  test("stay down from one turn to the next, and are moved with", async () => {
    await claude([act("mouse_move", { coordinate: inXev(50, 50) }), act("left_mouse_down")]);
    await claude(act("mouse_move", { coordinate: inXev(150, 90) }));
    await until(
      () => exec("grep -c 'state 0x100' /tmp/xev || true"),
      (count) => Number(count) > 0,
    );
    expect(await events()).toEqual(["ButtonPress 1 0x0"]);
    await claude(act("left_mouse_up"));
    const seen = await until(events, (lines) => lines.length >= 2);
    expect(seen).toEqual(["ButtonPress 1 0x0", "ButtonRelease 1 0x100"]);
  });

  test("one that is down is let go of by a click of others", async () => {
    await claude([act("mouse_move", { coordinate: inXev(50, 50) }), act("left_mouse_down")]);
    const [x, y] = inXev(60, 60);
    await daemon.call("POST", `${path}/click`, { at: { x, y } });
    await claude(act("mouse_move", { coordinate: inXev(70, 70) }));
    await claude(act("right_click"));
    const seen = await until(events, (lines) => lines.length >= 4);
    expect(seen.slice(-2)).toEqual(["ButtonPress 3 0x0", "ButtonRelease 3 0x400"]);
  });

  test("modifiers are held with them, for both vendors", async () => {
    const [x, y] = inXev(50, 50);
    await claude([
      act("triple_click", { coordinate: [x, y], text: "ctrl" }),
      act("scroll", { scroll_direction: "up", scroll_amount: 2, text: "shift" }),
    ]);
    await gpt({
      type: "computer_call",
      call_id: "call_1",
      actions: [
        { type: "click", button: "back", x, y, keys: ["CTRL", "ALT"] },
        { type: "scroll", x, y, scroll_x: 0, scroll_y: 240 },
        {
          type: "drag",
          path: [
            { x, y },
            { x: x + 40, y },
            { x: x + 80, y: y + 20 },
          ],
          keys: [],
        },
      ],
    });
    // A page moves by 120 pixels of the desktop with a notch, and these are those of half of it.
    const half = { width: 640, height: 400 };
    const small = { x: Math.floor(x / 2), y: Math.floor(y / 2), scroll_x: 0, scroll_y: -120 };
    const scroll = {
      type: "computer_call",
      call_id: "call_2",
      action: { type: "scroll", ...small },
    };
    await gpt(scroll, { display: half });
    const seen = await until(events, (lines) => lines.length >= 22);
    expect(seen.filter((line) => line.startsWith("ButtonPress"))).toEqual([
      "ButtonPress 1 0x4",
      "ButtonPress 1 0x4",
      "ButtonPress 1 0x4",
      "ButtonPress 4 0x1",
      "ButtonPress 4 0x1",
      "ButtonPress 8 0xc",
      "ButtonPress 5 0x0",
      "ButtonPress 5 0x0",
      "ButtonPress 1 0x0",
      "ButtonPress 4 0x0",
      "ButtonPress 4 0x0",
    ]);
  });
});

describe("Anthropic's bash", () => {
  test("is one shell for a conversation", async () => {
    expect(await bash("cd /tmp; place=here; false")).toMatchObject({
      is_error: true,
      content: "Exit status 1",
    });
    expect(await bash("echo $place; pwd >&2; cat; echo it''s")).toEqual({
      type: "tool_result",
      tool_use_id: `toolu_${calls - 1}`,
      content: "here\n/tmp\nits",
    });
    expect((await bash("echo [$place]", { conversation: "other" }))?.content).toBe("[]");
    expect((await bash("true"))?.content).toBe("(no output)");
    expect((await bash("nosuchcommand"))?.content).toContain("nosuchcommand: command not found");
    expect((await bash("echo 'open"))?.is_error).toBe(true);
    expect((await bash("echo $place"))?.content).toBe("here");
    const { content } = await claude(tool("bash", { restart: true }));
    expect(content[0]).toMatchObject({ content: "bash has been restarted." });
    expect((await bash("echo [$place]"))?.content).toBe("[]");
  });

  test("what takes too long is ended, with what it has said", async () => {
    const late = await bash("echo begun; sleep 1000", { bashTimeoutMs: 2000 });
    expect(late?.is_error).toBe(true);
    expect(late?.content).toContain("begun\nError: command did not finish within 2 seconds");
    expect((await bash("echo again"))?.content).toBe("again");
  });

  test("an end of bash is told, and another one begins", async () => {
    const ended = await bash("echo bye; exit 3");
    expect(ended?.content).toStartWith("bye\nbash has ended with exit status 3");
    expect(ended?.is_error).toBe(true);
    expect((await bash("echo hello"))?.content).toBe("hello");
  });

  test("of much output the middle is left out", async () => {
    const { content } = (await bash("seq 100000")) ?? {};
    expect(content).toStartWith("1\n2\n3\n");
    expect(content).toContain("... Output truncated (100000 total lines");
    expect(content).toEndWith("\n100000");
    expect(content?.length).toBeLessThan(31_000);
  });

  test("of many shells in a session the one that was used the longest ago is ended", async () => {
    for (let at = 0; at <= 8; at++) await bash(`name=${at}`, { conversation: `many ${at}` });
    expect((await bash("echo [$name]", { conversation: "many 8" }))?.content).toBe("[8]");
    expect((await bash("echo [$name]", { conversation: "many 0" }))?.content).toBe("[]");
  });

  test("a call without a command is told so", async () => {
    const { content } = await claude(tool("bash", {}));
    expect(content[0]).toMatchObject({ content: "Error: command: missing", is_error: true });
  });
});

describe("Anthropic's text editor", () => {
  test("makes, shows and changes files of the workstation", async () => {
    const path = "/tmp/edited/primes.py";
    const text = "def prime(n):\n    pass\n\nprime(2)\nprime(2)\n";
    const created = await edit({ command: "create", path, file_text: text });
    expect(created?.content).toBe(`File created successfully at: ${path}`);
    expect(await exec(`cat ${path}`)).toBe(text);
    const again = await edit({ command: "create", path, file_text: "" });
    expect(again).toMatchObject({ is_error: true });
    expect(again?.content).toStartWith("Error: File already exists");

    const viewed = await edit({ command: "view", path });
    expect(viewed?.content).toBe("1: def prime(n):\n2:     pass\n3: \n4: prime(2)\n5: prime(2)");
    const part = await edit({ command: "view", path, view_range: [4, -1] });
    expect(part?.content).toBe("4: prime(2)\n5: prime(2)");
    expect((await edit({ command: "view", path }, { maxCharacters: 10 }))?.content).toStartWith(
      "1: def pri\n\n... File truncated",
    );
    expect((await edit({ command: "view", path: "/tmp/edited" }))?.content).toContain("primes.py");

    const replace = { command: "str_replace", path, old_str: "    pass", new_str: "    return $&" };
    expect(await edit(replace)).toEqual({
      type: "tool_result",
      tool_use_id: `toolu_${calls - 1}`,
      content: "Successfully replaced text at exactly one location.",
    });
    await edit({ command: "insert", path, insert_line: 0, insert_text: "# Grüße\n" });
    const changed = `# Grüße\n${text.replace("pass", () => "return $&")}`;
    expect(await exec(`cat ${path}`)).toBe(changed);
  });

  test("says what is wrong as its vendor says it, and changes nothing", async () => {
    await exec(
      "mkdir -p /tmp/wrong; printf 'a\\na\\n' > /tmp/wrong/twice; printf '\\377' > /tmp/wrong/raw; touch /tmp/wrong/kept; chmod 444 /tmp/wrong/kept",
    );
    const path = "/tmp/wrong/twice";
    const cases: [object, string][] = [
      [{ command: "view", path: "/tmp/wrong/none" }, "Error: File not found"],
      [
        { command: "str_replace", path, old_str: "a", new_str: "b" },
        "Error: Found 2 matches for replacement text. Please provide more context to make a unique match.",
      ],
      [
        { command: "str_replace", path, old_str: "b" },
        "Error: No match found for replacement. Please check your text and try again.",
      ],
      [
        { command: "insert", path, insert_line: 3, insert_text: "x" },
        "Error: Invalid `insert_line`: 3. The file has 2 lines: give 0 to 2.",
      ],
      [
        { command: "view", path, view_range: [2, 1] },
        "Error: Invalid `view_range`: [2, 1]. The file has 2 lines, from 1; -1 is the last.",
      ],
      [
        { command: "create", path: "/etc/nexora", file_text: "x" },
        "Error: Read-only file system. Cannot write to file.",
      ],
      [
        { command: "insert", path: "/tmp/wrong/kept", insert_line: 0, insert_text: "x" },
        "Error: Permission denied. Cannot write to file.",
      ],
      [{ command: "view", path: "/tmp/wrong/raw" }, "Error: the file is not text in UTF-8"],
      [{ command: "view", path: "/dev/zero" }, "Error: it is no file of text"],
      [
        { command: "insert", path: "/tmp", insert_line: 0, insert_text: "x" },
        "Error: /tmp is a folder, which can only be viewed",
      ],
      [{ command: "undo_edit", path }, `Error: No edit history found for ${path}.`],
      [{ command: "delete", path }, "Error: command: must be one of view, create"],
      [{ command: "view" }, "Error: path: missing"],
    ];
    for (const [input, says] of cases) {
      const result = await edit(input);
      expect(result?.is_error).toBe(true);
      expect(result?.content).toStartWith(says);
    }
    expect(await exec(`cat ${path}`)).toBe("a\na\n");
  });

  test("undoes its own edits, latest first, unless somebody has changed the file", async () => {
    const path = "undone.txt";
    const name = "str_replace_editor";
    const undo = () => edit({ command: "undo_edit", path }, {}, name);
    await edit({ command: "create", path, file_text: "one" }, {}, name);
    await edit({ command: "insert", path, insert_line: 1, new_str: "two" }, {}, name);
    expect(await exec("cat /workspace/undone.txt")).toBe("one\ntwo");
    expect((await undo())?.content).toBe("Last edit to undone.txt undone successfully.");
    expect(await exec("cat /workspace/undone.txt")).toBe("one");
    await exec("echo three > /workspace/undone.txt");
    expect((await undo())?.content).toStartWith("Error: undone.txt has been changed since");
    await exec("printf one > /workspace/undone.txt");
    await undo();
    expect(await exec("ls /workspace/undone.txt 2>&1")).toContain("No such file");
  });
});

describe("OpenAI's computer", () => {
  const pictureOf = (item: OpenAI.Responses.ResponseInputItem | undefined): string => {
    if (item?.type !== "computer_call_output") throw new Error("no output of a computer call");
    const url = item.output.image_url ?? "";
    expect(url).toStartWith("data:image/png;base64,");
    return url;
  };
  const sizeIn = (url: string) => sizeOf(url.slice(url.indexOf(",") + 1));

  test("a list is carried out, and answered with one picture", async () => {
    const { input, left } = await gpt([
      { type: "reasoning", id: "rs_1", summary: [] },
      {
        type: "computer_call",
        id: "cu_1",
        call_id: "call_1",
        status: "completed",
        pending_safety_checks: [],
        actions: [
          { type: "screenshot" },
          { type: "click", button: "left", x: 400, y: 300 },
          { type: "type", text: "this is deleted" },
          { type: "keypress", keys: ["CTRL", "U"] },
          { type: "type", text: "echo done > /tmp/listed" },
          { type: "keypress", keys: ["ENTER"] },
        ],
      },
      { type: "function_call", call_id: "call_f", name: "weather", arguments: "{}" },
    ]);
    expect(left).toEqual(["call_f"]);
    expect(input).toHaveLength(1);
    const url = pictureOf(input[0]);
    expect(input[0]).toEqual({
      type: "computer_call_output",
      call_id: "call_1",
      output: { type: "computer_screenshot", image_url: url },
    });
    expect(sizeIn(url)).toEqual([1280, 800]);
    await until(
      () => exec("cat /tmp/listed"),
      (text) => text === "done\n",
    );
  });

  test("a list with an action that cannot be read is not begun", async () => {
    const { input } = await gpt([
      { ...openai.failing },
      { ...openai.failing, call_id: "call_9", actions: [{ type: "move", x: 1, y: 1 }] },
    ]);
    expect(input.map((item) => item.type)).toEqual([
      "computer_call_output",
      "computer_call_output",
      "message",
      "message",
    ]);
    expect(input[2]).toEqual(openai.failure);
    expect(await exec("ls /tmp/never 2>&1")).toContain("No such file");
    expect((await windows()).pointer).not.toMatchObject({ x: 1, y: 1 });
  });

  test("a safety check is for a person to agree to", async () => {
    const call = { ...openai.guarded };
    await expect(gpt(call)).rejects.toMatchObject({
      code: "conflict",
      details: { checks: openai.guarded.pending_safety_checks },
    });
    const { input } = await gpt(call, {
      acknowledged: ["cu_sc_1"],
      display: { width: 640, height: 400 },
    });
    const url = pictureOf(input[0]);
    expect(input).toEqual([openai.agreed(url)]);
    expect(sizeIn(url)).toEqual([640, 400]);
    expect((await windows()).pointer).toMatchObject({ x: 201, y: 241 });
  });
});

test("definitions come with the size that goes with the calls", async () => {
  const get = (query: string) => daemon.call("GET", `${path}/${query}`);
  expect(await get("anthropic")).toEqual({
    tools: anthropic.toolset,
    betas: [],
    display: { width: 1280, height: 800 },
  });
  expect(await get("anthropic?version=20250124")).toMatchObject({
    betas: ["computer-use-2025-01-24"],
  });
  expect(await get("openai")).toEqual({
    tools: openai.computer,
    display: { width: 1280, height: 800 },
  });
});
