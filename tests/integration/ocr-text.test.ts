import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import type { ScreenOutput } from "../../src/contract/screen.ts";
import { appsImage } from "../support/apps-image.ts";
import { TestDaemon } from "../support/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  const size = { width: 1280, height: 800 };
  await daemon.newSession({ name: "seen", workspace: null, image: appsImage, size });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const path = "/v1/sessions/seen";
const post = <T>(verb: string, body: object) => daemon.call<T>("POST", `${path}/${verb}`, body);
const look = (query: string) =>
  daemon.call<ScreenOutput>("GET", `${path}/screen?image=false&${query}`);
const viewer = ({ text }: ScreenOutput) => text?.find((block) => block.class === "feh");

test("a picture's text is known when OCR is asked for, where nothing covers it; else it is said", async () => {
  const words = ["the quick brown fox", "jumps over the lazy dog", "and runs into the woods"];
  const print = words.map((line) => `echo '${line}'`).join("; ");
  await post("type", {
    text: `clear; ${print}\n`,
    wait: { all: true, prompt: true, stableMs: 200 },
  });
  // A picture of text that is known, in a window of its own below that text.
  const shot = "scrot -o /tmp/all.png -a 0,25,700,200 && exec feh -g 700x200+300+500 /tmp/all.png";
  await post("exec", { command: [shot], detach: true });
  await post("wait", { window: ["feh"], timeoutMs: 30_000 });
  await post("wait", { stableMs: 300, timeoutMs: 30_000 });

  const unread = viewer(await look(""));
  expect(unread).toMatchObject({ source: "none", lines: [] });
  expect(unread?.degraded).toContain("OCR");

  const seen = await look("ocr=true");
  const block = viewer(seen);
  expect(block?.source).toBe("ocr");
  const text = block?.lines.join("\n") ?? "";
  for (const line of words) expect(text).toContain(line);
  // The terminal's own text stays exact, and is not recognised a second time.
  const terminals = seen.text?.filter((each) => each.class === "XTerm");
  expect(terminals?.map(({ source }) => source)).toEqual(["terminal"]);

  const covered = "exec zenity --info --width=800 --height=300 --text covered";
  await post("exec", { command: [covered], detach: true });
  await post("wait", { window: ["zenity"], timeoutMs: 30_000 });
  const { windows } = await daemon.call<Output<"windows">>("GET", `${path}/windows`);
  const dialog = windows.find((each) => each.class.toLowerCase() === "zenity");
  await post(`windows/${dialog?.id}/move`, { x: 280, y: 470 });
  // A window is there before its program has told of it; till then its pixels are read.
  const told = ({ text }: ScreenOutput) => text?.find((each) => each.window === dialog?.id);
  const isTold = (it: ScreenOutput) =>
    told(it)?.source === "accessibility" && told(it)?.lines.includes("covered");
  const shown = (it: ScreenOutput) => viewer(it)?.lines.join("") ?? "";
  const isOver = (it: ScreenOutput) => isTold(it) && !shown(it).includes("quick brown fox");
  const deadline = Date.now() + 60_000;
  let after = await look("ocr=true");
  while (!isOver(after) && Date.now() < deadline) after = await look("ocr=true");
  expect(told(after)).toMatchObject({
    source: "accessibility",
    lines: expect.arrayContaining(["covered"]),
  });
  expect(shown(after)).not.toContain("quick brown fox");
});
