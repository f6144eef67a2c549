import { afterAll, beforeAll, expect, test } from "bun:test";
import type { NexoraError } from "../../src/contract/errors.ts";
import type { Output } from "../../src/contract/index.ts";
import type { Recording } from "../../src/contract/record.ts";
import { appsImage } from "../support/apps-image.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";

/** The runner is the oldest of its name; relays are called so, too. */
const killRunner = "kill -KILL $(pgrep -o -x runner)";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "films", workspace: null });
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

const at = (rest: string) => `/v1/sessions/films/${rest}`;
const record = (body: object = {}) =>
  daemon.call<Recording>("POST", at("recordings"), { terminal: true, ...body });
const stop = (id: string) => daemon.call<Recording>("POST", at(`recordings/${id}/stop`), {});
const remove = (id: string) => daemon.call<Recording>("DELETE", at(`recordings/${id}`));
const type = (text: string) => daemon.call("POST", at("type"), { text, wait: { prompt: true } });
const read = async (path: string) => {
  const command = ["cat", path];
  return (await daemon.call<Output<"exec">>("POST", at("exec"), { command })).stdout;
};
const fails = (work: Promise<unknown>) =>
  work.then(
    () => "",
    (error: NexoraError) => error.code,
  );

test("a terminal is recorded as asciicast v2, and goes on while the daemon is gone", async () => {
  const begun = await record();
  expect(begun).toMatchObject({ kind: "terminal", endedAt: null, ended: null });
  await type("echo be''fore\n");
  await daemon.end("SIGKILL");
  daemon = await TestDaemon.start(daemon.home);
  await type("echo af''ter\n");
  const ended = await stop(begun.id);
  expect(ended).toMatchObject({ id: begun.id, ended: "stopped", error: null });
  const text = await read(ended.path);
  expect(ended.bytes).toBe(Buffer.byteLength(text));
  const [header, ...events] = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(header).toMatchObject({ version: 2, width: expect.any(Number) });
  const times = events.map(([time]) => time);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(new Set(events.map(([, code]) => code))).toEqual(new Set(["o"]));
  const shown = events.map(([, , data]) => data).join("");
  expect(shown).toContain("before\r\n");
  expect(shown).toContain("after\r\n");
  expect((await remove(begun.id)).path).toBe(ended.path);
  expect(await read(ended.path)).toBe("");
});

test("a recording ends by itself at its time or size, and whoever waits is told", async () => {
  const wait = (id: string) => daemon.call<Recording>("GET", at(`recordings/${id}?wait=true`));
  const brief = await record({ forMs: 100 });
  expect((await wait(brief.id)).ended).toBe("time");
  const small = await record({ maxBytes: 64 * 1024 });
  await type("seq 20000\n");
  const full = await wait(small.id);
  expect(full.ended).toBe("size");
  expect(full.bytes).toBeGreaterThanOrEqual(64 * 1024);
});

test("what cannot be recorded is an error that says why", async () => {
  expect(await fails(stop("r999"))).toBe("not_found");
  expect(await fails(record({ terminal: false }))).toBe("action_failed");
  const all = await Promise.all(Array.from({ length: 4 }, () => record()));
  expect(await fails(record())).toBe("conflict");
  for (const { id } of all) await remove(id);
});

test("a film of the desktop is one that plays, also when it is stopped early or the runner dies", async () => {
  await daemon.newSession({ name: "screen", workspace: null, image: appsImage });
  const of = "/v1/sessions/screen";
  const film = (body: object) => daemon.call<Recording>("POST", `${of}/recordings`, body);
  const [whole, early] = [await film({ forMs: 1000, fps: 5 }), await film({})];
  const ended = await daemon.call<Recording>("GET", `${of}/recordings/${whole.id}?wait=true`);
  const stopped = await daemon.call<Recording>("POST", `${of}/recordings/${early.id}/stop`, {});
  expect([ended, stopped]).toMatchObject([
    { kind: "desktop", ended: "time", error: null },
    { kind: "desktop", ended: "stopped", error: null },
  ]);
  for (const { path } of [ended, stopped]) {
    const facts = "stream=codec_name,width,height";
    const command = ["ffprobe", "-v", "error", "-show_entries", facts, "-of", "csv=p=0", path];
    const probed = await daemon.call<Output<"exec">>("POST", `${of}/exec`, { command });
    expect(probed.stdout.trim()).toBe("vp8,1024,768");
  }

  const { id: removed } = await film({});
  const [cut, text] = [await film({}), await film({ terminal: true })];
  await daemon.call("DELETE", `${of}/recordings/${removed}`);
  const inside = async (line: string) => {
    const command = [line];
    return (await daemon.call<Output<"exec">>("POST", `${of}/exec`, { command })).stdout;
  };
  await inside(killRunner).catch(() => null);
  await eventOf(daemon, "recovered", "screen");
  // The encoder ends, too.
  await inside("while pgrep -x ffmpeg; do sleep 0.02; done");
  const { recordings } = await daemon.call<Output<"recordings">>("GET", `${of}/recordings`);
  expect(recordings.map(({ id }) => id)).toEqual([whole.id, early.id, cut.id, text.id]);
  expect(recordings[0]).toEqual(ended);
  for (const each of recordings.slice(2)) {
    expect(each).toMatchObject({ ended: "failed", error: expect.stringContaining("has died") });
  }
  const next = await film({ terminal: true });
  expect(Number(next.id.slice(1))).toBe(Number(text.id.slice(1)) + 1);
  expect((await daemon.call<Recording>("DELETE", `${of}/recordings/${text.id}`)).id).toBe(text.id);
});
