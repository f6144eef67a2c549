import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import { appsImage } from "../support/apps-image.ts";
import { TestDaemon } from "../support/daemon.ts";

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name: "desk", workspace: null, image: appsImage });
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** The window of a program that was started, once it is there. */
async function windowOf(title: string, command: string) {
  const body = { command: [`exec ${command}`], detach: true };
  await daemon.call("POST", "/v1/sessions/desk/exec", body);
  for (const end = Date.now() + 30_000; Date.now() < end; await Bun.sleep(50)) {
    const { windows } = await daemon.call<Output<"windows">>("GET", "/v1/sessions/desk/windows");
    const found = windows.find((window) => window.title.includes(title));
    if (found) return found;
  }
  throw new Error(`${command} has opened no window ${JSON.stringify(title)}`);
}

const programs = [
  ["zenity", "zenity --info --title hello --text hi", "hello"],
  ["Mousepad", "mousepad /etc/hostname", "hostname"],
  ["featherpad", "featherpad --standalone /etc/hosts", "hosts"],
  [
    "feh",
    "sh -c 'convert -size 90x90 xc:red /tmp/red.png; exec feh --title red /tmp/red.png'",
    "red",
  ],
] as const;

test.each(programs)("%s shows a window, whose process is known", async (name, command, title) => {
  const window = await windowOf(title, command);
  expect(window.class.toLowerCase()).toContain(name.toLowerCase());
  expect(window.pid).toBeGreaterThan(1);
});
