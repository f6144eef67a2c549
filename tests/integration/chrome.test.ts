import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Output } from "../../src/contract/index.ts";
import { appsImage } from "../support/apps-image.ts";
import { TestDaemon } from "../support/daemon.ts";

type Status = Output<"chrome.status">;

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  // Local pages need no network.
  await daemon.newSession({ name: "web", workspace: null, image: appsImage, network: "none" });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const chrome = <T = Status>(method: string, path = "", body?: object) =>
  daemon.call<T>(method, `/v1/sessions/web/chrome${path}`, body);
const exec = async (line: string) =>
  (await daemon.call<Output<"exec">>("POST", "/v1/sessions/web/exec", { command: [line] })).stdout;
/** The browser's first process, in the shell's words. */
const lockedBy = "$(readlink ~/.config/chromium/SingletonLock | sed 's/.*-//')";
const page = (title: string) => `data:text/html,<title>${title}</title>${title}`;

/** Looks again until it holds; programs take their time. */
async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`in vain: ${JSON.stringify(seen, null, 1)}`);
    await Bun.sleep(20);
  }
}
const statusWhen = (holds: (seen: Status) => boolean) => until(() => chrome("GET"), holds);

describe("the browser", () => {
  test("is not started by who only looks", async () => {
    const look = await daemon.callerWith("read", "looks");
    for (const verb of ["snapshot", "text", "html", "shot", "pdf", "console", "network"]) {
      const looking = look("GET", `/v1/sessions/web/chrome/${verb}`);
      await expect(looking).rejects.toMatchObject({
        code: "not_found",
        hint: expect.stringContaining("chrome/goto"),
      });
    }
    const waiting = look("POST", "/v1/sessions/web/chrome/wait", { text: ["x"] });
    await expect(waiting).rejects.toMatchObject({ code: "not_found" });
    expect(await look("GET", "/v1/sessions/web/chrome/tabs")).toMatchObject({ tabs: [] });
    expect(await chrome("GET")).toMatchObject({ running: false });
  });

  test("is started once, when it is needed, and says so once", async () => {
    expect(await chrome("GET")).toMatchObject({ installed: true, running: false, tabs: [] });
    const both = await Promise.all([chrome("POST", "/start", {}), chrome("POST", "/start", {})]);
    expect(both.map(({ began }) => began).sort()).toEqual([false, true]);
    expect(both[0]).toMatchObject({ running: true, tabs: [{ id: "t1", active: true }] });
    expect(both[0]?.version).toMatch(/^Chrom\w*\/\d+/);
    // A renderer begins as a copy of the process that makes them.
    const processes = await until(
      () => exec("ps -ww -C chromium -o args="),
      (all) => String(all).includes("--type=renderer"),
    );
    expect(processes).not.toContain("--no-sandbox");
  });

  test("has tabs, of which one is active", async () => {
    const opened = await chrome<Output<"chrome.tabs.new">>("POST", "/tabs", { url: page("two") });
    expect(opened.tab.id).toBe("t2");
    const { tabs } = await statusWhen(({ tabs: all }) => all[1]?.title === "two");
    expect(tabs.map(({ id, active }) => [id, active])).toEqual([
      ["t1", false],
      ["t2", true],
    ]);
    await chrome("POST", "/tabs/t1/switch", {});
    await statusWhen(({ tabs: all }) => all[0]?.active === true);
    const left = await chrome<Output<"chrome.tabs">>("DELETE", "/tabs/t2");
    expect(left.tabs.map(({ id }) => id)).toEqual(["t1"]);
    await expect(chrome("POST", "/tabs/t2/switch", {})).rejects.toMatchObject({
      code: "not_found",
      hint: expect.stringContaining("t1"),
    });
  });

  test("is the one that is started by hand", async () => {
    await chrome("POST", "/stop", {});
    expect(await chrome("GET")).toMatchObject({ running: false });
    await exec(`(chromium '${page("by hand")}' >/dev/null 2>&1 &)`);
    const { tabs } = await statusWhen(({ tabs: all }) => all[0]?.title === "by hand");
    expect(tabs).toHaveLength(1);
    await exec(`chromium '${page("by hand, too")}' >/dev/null 2>&1`);
    await statusWhen(({ tabs: all }) => all[1]?.title === "by hand, too");
  });

  test("comes back with its tabs when it dies, which the next reply says, once", async () => {
    const { tabs: before } = await chrome("GET");
    // It saves its tabs every few seconds: this one it cannot know.
    const { tab } = await chrome<Output<"chrome.tabs.new">>("POST", "/tabs", { url: page("new") });
    // Nor where this one has gone to meanwhile.
    const first = { url: page("gone on"), tab: before[0]?.id };
    await chrome("POST", "/goto", first);
    await exec(`kill -9 ${lockedBy}`);
    const back = await statusWhen(({ restarted }) => restarted !== null);
    expect(back.restarted?.tabs).toBe(before.length + 1);
    const places = (tabs: Status["tabs"]) => tabs.map(({ id, url }) => [id, url]);
    expect(places(back.tabs)).toEqual(
      places([
        ...before.map((each) => (each.id === first.tab ? { ...each, url: first.url } : each)),
        { ...tab, url: page("new") },
      ]),
    );
    expect((await chrome("GET")).restarted).toBeNull();
    // Who has not been told is told as well, by whatever verb it is.
    const robot = await daemon.callerWith("act", "robot");
    const asked = () => robot<{ restarted: unknown }>("GET", "/v1/sessions/web/chrome/cookies");
    expect((await asked()).restarted).toEqual(back.restarted);
    expect((await asked()).restarted).toBeNull();
  });

  test("what a token has been given to connect by ends with the token", async () => {
    const robot = await daemon.callerWith("act", "passing");
    const path = "/v1/sessions/web/chrome/endpoint";
    const { url, httpUrl } = await robot<Output<"chrome.endpoint">>("POST", path);
    const socket = new WebSocket(url);
    const closed = Promise.withResolvers<number>();
    socket.addEventListener("close", ({ code }) => closed.resolve(code));
    const answered = Promise.withResolvers<string>();
    socket.addEventListener("message", ({ data }) => answered.resolve(String(data)));
    socket.addEventListener("open", () =>
      socket.send(JSON.stringify({ id: 1, method: "Browser.getVersion" })),
    );
    expect(await answered.promise).toContain("Chrome");
    expect((await fetch(`${httpUrl}/json/version`)).status).toBe(200);
    await daemon.call("DELETE", "/v1/tokens/passing");
    expect(await closed.promise).toBe(1011);
    expect((await fetch(`${httpUrl}/json/version`)).status).toBe(401);
  });

  test("stays closed when it is quit", async () => {
    await exec(`kill ${lockedBy}`);
    await statusWhen(({ running }) => !running);
    const started = await chrome("POST", "/start", {});
    expect(started).toMatchObject({ began: true, restarted: null });
    expect(started.tabs.map(({ url }) => url)).toEqual(["about:blank"]);
  });

  test("puts downloads into the workspace, or where it is told", async () => {
    const link = (text: string) =>
      `data:text/html,<script>a=document.createElement("a");a.download="file.txt";a.href="data:,${text}";a.click()</script>`;
    const files = (folder: string) => exec(`cd ${folder} && tail -n +1 * 2>/dev/null || true`);
    for (const text of ["one", "two"]) {
      await chrome("POST", "/tabs", { url: link(text) });
      await until(
        () => files("/workspace/downloads"),
        (all) => String(all).includes(text),
      );
    }
    // It has its name a moment after its bytes.
    await until(
      () => exec("ls /workspace/downloads"),
      (all) => all === "file (1).txt\nfile.txt\n",
    );
    await chrome("POST", "/start", { downloads: "/tmp/elsewhere", url: link("three") });
    await until(
      () => files("/tmp/elsewhere"),
      (all) => String(all).includes("three"),
    );
  });
});

test("a profile is kept, taken into another session, and never shown", async () => {
  await daemon.newSession({ name: "other", workspace: null, image: appsImage, network: "none" });
  const site = `<script>if (location.search) {
    document.cookie = "login=yes"; document.cookie = "lasting=1;max-age=9999"; localStorage.seen = "before" }
    document.title = document.cookie.split("; ").sort().join("; ") + "," + localStorage.seen</script>`;
  const call = <T>(method: string, path: string, body?: object) =>
    daemon.call<T>(method, `/v1/sessions/${path}`, body);
  for (const name of ["web", "other"]) {
    const script = `mkdir -p /tmp/site && cd /tmp/site && cat > index.html <<'END'\n${site}\nEND
      python3 -m http.server 8000 --bind 127.0.0.1 >/dev/null 2>&1 &
      until curl -fsS http://127.0.0.1:8000/ >/dev/null 2>&1; do sleep 0.05; done`;
    await call("POST", `${name}/exec`, { command: [script] });
  }
  const titled = (name: string, title: string) =>
    until(
      () => call<Status>("GET", `${name}/chrome`),
      ({ tabs }) => tabs.some((each) => each.title === title),
    );
  const stored = "lasting=1; login=yes,before";
  await call("POST", "web/chrome/tabs", { url: "http://127.0.0.1:8000/?set" });
  const { tabs } = await titled("web", stored);
  const saved = await call<object>("POST", "web/chrome/profile/save", { name: "shop" });
  expect(saved).toMatchObject({ profile: { name: "shop", session: "web" }, restarted: null });
  expect(JSON.stringify(saved)).not.toContain("login");
  const after = await call<Status>("GET", "web/chrome");
  expect(after.tabs.map(({ id }) => id)).toEqual(tabs.map(({ id }) => id));

  await call("POST", "other/chrome/profile/load", { name: "shop" });
  await call("POST", "other/chrome/tabs", { url: "http://127.0.0.1:8000/" });
  await titled("other", stored);

  const listed = () => daemon.call<Output<"chrome.profile.ls">>("GET", "/v1/chrome-profiles");
  expect((await listed()).profiles.map(({ name }) => name)).toEqual(["shop"]);
  await daemon.call("DELETE", "/v1/chrome-profiles/shop");
  expect((await listed()).profiles).toEqual([]);
  const gone = { code: "not_found" };
  await expect(call("POST", "other/chrome/profile/load", { name: "shop" })).rejects.toMatchObject(
    gone,
  );
  await expect(daemon.call("DELETE", "/v1/chrome-profiles/shop")).rejects.toMatchObject(gone);
});

test("a browser that a session is opened with is behind the terminal, which keeps the focus", async () => {
  const image = { workspace: null, image: appsImage };
  await daemon.newSession({ name: "behind", browser: true, ...image });
  const call = <T>(method: string, path: string, body?: object) =>
    daemon.call<T>(method, `/v1/sessions/behind/${path}`, body);
  const { windows } = await until(
    () => call<Output<"windows">>("GET", "windows"),
    (seen) => seen.windows.some((each) => each.class === "Chromium"),
  );
  const classes = (all: typeof windows) => all.map((each) => [each.class, each.focused]);
  await call("POST", "type", { text: "printf %s-%s be hind > /tmp/typed", enter: true });
  const lowered = await until(
    () => call<Output<"windows">>("GET", "windows"),
    (seen) => seen.windows[0]?.class === "XTerm",
  );
  expect(classes(lowered.windows)).toEqual([
    ["XTerm", true],
    ["Chromium", false],
  ]);
  const typed = () => call<Output<"exec">>("POST", "exec", { command: ["cat /tmp/typed"] });
  await until(typed, ({ stdout }) => stdout === "be-hind");
  expect(await call("GET", "chrome")).toMatchObject({ began: false, tabs: [{ id: "t1" }] });
});
