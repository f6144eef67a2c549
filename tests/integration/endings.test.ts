import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { ExecOutput } from "../../src/contract/exec.ts";
import { TestDaemon } from "../support/daemon.ts";

const project = join(import.meta.dir, "../..");
const program = process.env.NEXORA_TEST_BINARY
  ? [process.env.NEXORA_TEST_BINARY]
  : ["bun", join(project, "nexora.ts")];

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
});

/** The command line, on our daemon. */
function nexora(...words: string[]) {
  return Bun.spawn([...program, ...words], {
    cwd: "/",
    env: { ...process.env, NEXORA_HOME: daemon.home },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/**
 * Starts all that a command can leave behind, each process named after `mark`: one that ignores
 * signals, a job of a shell in a group of its own, one that left the session on purpose. Tells how
 * it was ended itself.
 */
const script = (mark: string) => `
  trap 'echo term >> /tmp/${mark}; sleep 0.2; echo done >> /tmp/${mark}; exit' TERM
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
    const client = nexora(...words);
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
