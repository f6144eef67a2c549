import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { census } from "../support/census.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";
import { baseImage } from "../support/workstations.ts";

const project = join(import.meta.dir, "../..");
const program = process.env.NEXORA_TEST_BINARY
  ? [process.env.NEXORA_TEST_BINARY]
  : ["bun", join(project, "nexora.ts")];

let folder: string;
let daemon: TestDaemon;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexora-test-"));
  daemon = await TestDaemon.start();
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The command line, on a daemon of ours and in a folder that can be a workspace. */
function nexora(home: string, ...words: string[]) {
  return Bun.spawn([...program, ...words], {
    cwd: folder,
    env: { ...process.env, NEXORA_HOME: home },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/**
 * Starts all that a command can leave behind, each process named after `mark`: one that ignores
 * signals, a job of a shell in a group of its own, one that left the session on purpose. Tells how
 * it was ended itself.
 */
const script = (mark: string) => `
  trap 'echo term >> /tmp/${mark}; sleep 0.05; echo done >> /tmp/${mark}; exit' TERM
  trap 'echo hup >> /tmp/${mark}' HUP
  trap 'echo int >> /tmp/${mark}' INT
  (trap '' TERM HUP INT; exec -a ${mark}-stubborn sleep 600) &
  bash -c 'exec -a ${mark}-child sleep 600' &
  set -m
  (trap '' HUP; exec -a ${mark}-job sleep 600) &
  set +m
  setsid bash -c 'exec -a ${mark}-daemon sleep 600' &
  until [ $(pgrep -fc '^${mark}-') = 4 ]; do sleep 0.02; done
  echo up
  while :; do sleep 0.05; done`;

const ways = ["SIGKILL", "SIGINT", "SIGTERM", "--timeout"] as const;

test.each([
  ["without options", []],
  ["with -i", ["-i"]],
  ["with -t", ["-t"]],
  ["with -i and -t", ["-i", "-t"]],
])("exec %s leaves the same behind, whatever ends it", async (_, flags) => {
  const { id } = await daemon.newSession();
  const run = (line: string) =>
    daemon.call<ExecOutput>("POST", `/v1/sessions/${id}/exec`, { command: [line] });
  /** How the command's own process was ended, and which others are there when they should be gone. */
  const outcome = async (way: (typeof ways)[number]) => {
    const mark = way.replaceAll("-", "");
    const limit = way === "--timeout" ? [way, "4s"] : [];
    const words = ["exec", "-s", id, ...flags, ...limit, "--", "bash", "-c", script(mark)];
    const client = nexora(daemon.home, ...words);
    const output = client.stdout.getReader();
    for (let said = ""; !said.includes("up"); ) {
      const { done, value } = await output.read();
      if (done) throw new Error(`it ended early: ${await new Response(client.stderr).text()}`);
      said += new TextDecoder().decode(value);
    }
    if (way !== "--timeout") client.kill(way);
    await client.exited;
    const others = `pgrep -f '^${mark}-(stubborn|child|job)' > /dev/null`;
    // Who waits for the time-out is told when all is over; other clients have left before.
    const gone = `for try in $(seq 100); do ${others} || break; sleep 0.05; done;`;
    const { stdout } = await run(
      `${way === "--timeout" ? "" : gone} ps -eo args | grep -o '^${mark}-[a-z]*'; cat /tmp/${mark}`,
    );
    return stdout.replaceAll(`${mark}-`, "");
  };
  const outcomes = await Promise.all(ways.map(outcome));
  expect(outcomes).toEqual(ways.map(() => "daemon\nterm\ndone\n"));
  await daemon.call("DELETE", `/v1/sessions/${id}`);
});

test.each(["SIGKILL", "SIGINT", "SIGTERM"] as const)(
  "session new leaves nothing behind when %s ends its client",
  async (way) => {
    await using own = await TestDaemon.start();
    const client = nexora(own.home, "session", "new", "brief", "--image", baseImage);
    await eventOf(own, "created", "brief");
    client.kill(way);
    await client.exited;
    expect((await eventOf(own, "removed", "brief")).message).toContain("did not come up");
    await expectNothingLeft(own);
  },
);

test("session new leaves nothing behind when it takes too long", async () => {
  const mute = await muteImage();
  const home = mkdtempSync(join(tmpdir(), "nexora-test-"));
  writeFileSync(join(home, "config.json"), JSON.stringify({ sessions: { readyTimeoutMs: 1000 } }));
  try {
    await using own = await TestDaemon.start(home);
    const client = nexora(own.home, "session", "new", "late", "--image", mute.reference);
    expect(await client.exited).toBe(124);
    await expectNothingLeft(own);
  } finally {
    await mute.remove();
  }
});

/** A workstation's image whose workstations never say that they are ready. */
async function muteImage() {
  const docker = connectDocker();
  const container = await docker.createContainer({ Image: baseImage });
  const [repo, tag] = ["nexora-test-mute", crypto.randomUUID()];
  await container.commit({ repo, tag, changes: 'ENTRYPOINT ["sleep", "60"]' });
  await container.remove();
  const reference = `${repo}:${tag}`;
  return { reference, remove: () => docker.getImage(reference).remove() };
}

async function expectNothingLeft(own: TestDaemon): Promise<void> {
  expect(await own.call<{ sessions: Session[] }>("GET", "/v1/sessions")).toEqual({ sessions: [] });
  await own.end();
  const nothing = { rows: [], ports: [], containers: [], volumes: [], views: [] };
  expect(await census(own.home)).toMatchObject(nothing);
}

test.each(["SIGKILL", "SIGINT", "SIGTERM"] as const)(
  "no key stays down when %s ends `key --hold`",
  async (way) => {
    const { id } = await daemon.newSession();
    const at = `/v1/sessions/${id}`;
    await daemon.call("POST", `${at}/type`, { text: "cat > /dev/null\n" });
    const client = nexora(daemon.home, "key", "--hold", "60s", "-s", id, "ctrl+b");
    await daemon.call("POST", `${at}/wait`, { text: ["\\^B"], timeoutMs: 15_000 });
    client.kill(way);
    await client.exited;
    await daemon.call("POST", `${at}/type`, { text: "free" });
    await daemon.call("POST", `${at}/wait`, { text: ["\\^Bfree"], timeoutMs: 15_000 });
    await daemon.call("DELETE", at);
  },
);
