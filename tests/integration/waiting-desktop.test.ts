import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { NexoraError } from "../../src/contract/errors.ts";
import type { Output } from "../../src/contract/index.ts";
import type { WaitOutput } from "../../src/contract/wait.ts";
import { TestDaemon } from "../support/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "desk", workspace: null });
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

const post = <T>(verb: string, body: object) =>
  daemon.call<T>("POST", `/v1/sessions/desk/${verb}`, body);
const wait = (body: object) => post<WaitOutput>("wait", body);
const run = (command: string, detach = false) =>
  post<Output<"exec">>("exec", { command: [command], detach });
const start = (command: string) => run(`exec ${command}`, true);
const close = (window: string) => post(`windows/${window}/close`, {});
const inVain = async (waiting: Promise<unknown>) => {
  const error = await waiting.then(
    () => null,
    (thrown: NexoraError) => thrown,
  );
  expect(error?.code).toBe("timeout");
  return { message: error?.message, details: error?.details };
};

describe("a window", () => {
  test("appears, and is named; then it goes", async () => {
    const appears = wait({ window: ["appears"] });
    await start("xterm -T appears -e cat");
    const { condition, evidence } = await appears;
    expect(condition).toBe("window=appears");
    expect(evidence).toMatchObject([{ condition, window: { title: "appears", class: "XTerm" } }]);
    const goes = wait({ windowGone: ["appears"] });
    await close("appears");
    expect(await goes).toMatchObject({ condition: "window-gone=appears" });
  });

  test("has another title, without having the focus", async () => {
    const retitles = `sh -c 'until [ -e /tmp/now ]; do sleep 0.05; done; printf "\\033]2;renamed\\007"; cat'`;
    const { window } = await post<Output<"open">>("open", {
      target: [`/usr/bin/xterm -title before -e ${retitles}`],
    });
    await post(`windows/${window.id}/lower`, {});
    await post("windows/nexora@desk/focus", {});
    const renamed = wait({ window: ["renamed"] });
    await run("touch /tmp/now");
    expect((await renamed).evidence[0]?.window?.id).toBe(window.id);
    await close(window.id);
  });

  test("that does not come: the error says which there are", async () => {
    const { message, details } = await inVain(wait({ window: ["nobody"], timeoutMs: 100 }));
    expect(message).toContain('waiting for window=nobody: the windows are "nexora@desk');
    expect(details).toMatchObject({ windows: [{ id: expect.stringMatching(/^0x/) }] });
  });
});

describe("a port", () => {
  test("is listened on, and by which address", async () => {
    const opens = wait({ port: [8765] });
    await start("python3 -m http.server 8765 --bind 127.0.0.1");
    const { condition, evidence } = await opens;
    expect(condition).toBe("port=8765");
    expect(evidence[0]?.listener).toEqual({ port: 8765, address: "127.0.0.1" });
    await start("python3 -m http.server 8766 --bind 0.0.0.0");
    const both = await wait({ all: true, port: [8765, 8766] });
    expect(both.evidence[1]?.listener).toEqual({ port: 8766, address: "0.0.0.0" });
    await run("pkill -f http.server || true");
  });

  test("that stays closed: the error says which are open", async () => {
    const { message } = await inVain(wait({ port: [9], timeoutMs: 100 }));
    expect(message).toContain("waiting for port=9: the ports are");
  });
});

test("a text's evidence is its row, and the window that shows it", async () => {
  const { waited } = await post<Output<"type">>("type", {
    text: "clear; echo Compiled 3 'files in 2 s'\n",
    wait: { text: ["^Compiled \\d+ files"] },
  });
  expect(waited?.evidence).toMatchObject([
    { line: "Compiled 3 files in 2 s", window: { class: "XTerm" } },
  ]);
});

test("a text is found in whatever window shows it, and is gone when none does", async () => {
  const { window } = await post<Output<"open">>("open", {
    target: [
      "exec xterm -T behind -e 'until [ -e /tmp/later ]; do sleep 0.05; done; echo now; cat'",
    ],
  });
  await post(`windows/${window.id}/resize`, { width: 300, height: 100 });
  await post(`windows/${window.id}/move`, { x: 600, y: 500 });
  await post("windows/nexora@desk/focus", {});
  // To focus a window also raises it.
  await post(`windows/${window.id}/raise`, {});
  const shows = wait({ text: ["^now$"] });
  await run("touch /tmp/later");
  const { evidence } = await shows;
  expect(evidence[0]).toMatchObject({ window: { id: window.id }, line: "now" });
  expect(evidence[0]?.region?.x).toBeGreaterThanOrEqual(600);
  const gone = wait({ gone: ["^now$"] });
  await post(`windows/${window.id}/lower`, {});
  expect((await gone).condition).toBe("gone=^now$");
  await close(window.id);
});

describe("stable", () => {
  test("takes no caret's blink for work, unless it shall", async () => {
    const blinking = ["/usr/bin/xterm", "-title", "blinks", "-bc", "-bcn", "300", "-bcf", "300"];
    await post("open", { target: [...blinking, "-e", "cat"] });
    const { evidence } = await wait({ stableMs: 2000 });
    expect(evidence[0]?.caret).toMatchObject({ width: expect.any(Number) });
    await inVain(wait({ stableMs: 2000, ignoreCaret: false, timeoutMs: 2100 }));
    await close("blinks");
  });

  test("in one window, whatever goes on elsewhere", async () => {
    await start("xev -geometry 200x100+700+500");
    await wait({ window: ["Event Tester"] });
    const busy = "clear; until [ -e /tmp/enough ]; do echo $RANDOM; sleep 0.02; done";
    await post("windows/nexora@desk/focus", {});
    await post("windows/Event%20Tester/raise", {});
    await post("type", { text: `${busy}\n`, wait: { text: ["^\\d+$"] } });
    const inXev = { window: ["Event Tester"] };
    const { condition, evidence } = await wait({ stableMs: 500, ...inXev });
    expect(condition).toBe("stable");
    expect(evidence[0]?.window?.title).toBe("Event Tester");
    await inVain(wait({ change: true, ...inXev, timeoutMs: 300 }));
    expect((await wait({ change: true })).evidence[0]?.region).not.toBeNull();
    await inVain(wait({ stableMs: 100, timeoutMs: 300, window: ["not there"] }));
    await run("touch /tmp/enough");
    await wait({ prompt: true });
    await close("Event%20Tester");
  });

  test("of a window and of a region is too much", async () => {
    const region = { x: 0, y: 0, width: 10, height: 10 };
    const both = wait({ stableMs: 100, region, window: ["nexora"] });
    await expect(both).rejects.toMatchObject({ code: "usage" });
  });
});
