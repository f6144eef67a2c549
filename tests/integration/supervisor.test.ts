import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { WorkstationRef } from "../../daemon/drivers/driver.ts";
import type { ExecOutput } from "../../src/contract/exec.ts";
import type { Session } from "../../src/contract/session.ts";
import { TestDaemon } from "../support/daemon.ts";
import { eventOf } from "../support/events.ts";
import { Workstations } from "../support/workstations.ts";

/** The runner is the oldest of its name; relays are called so, too. */
const killRunner = "kill -KILL $(pgrep -o -x runner)";

describe("a runner that dies", () => {
  let daemon: TestDaemon;
  beforeAll(async () => {
    daemon = await TestDaemon.start();
  });
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
  });

  const call = <T>(name: string, method: string, path: string, body?: unknown) =>
    daemon.call<T>(method, `/v1/sessions/${name}${path}`, body);
  const run = async (name: string, line: string) =>
    (await call<ExecOutput>(name, "POST", "/exec", { command: [line] })).stdout;
  const prompt = (name: string) =>
    call(name, "POST", "/wait", { prompt: true, title: [name], all: true, timeoutMs: 30_000 });

  test.each(["full", "none"])(
    "costs the terminal and not the session, which says so (network %s)",
    async (network) => {
      const name = `lives-${network}`;
      const before = await daemon.newSession({ name, network });
      await run(name, "/usr/bin/xterm -title stays -e sleep 4747 & echo kept > /tmp/kept");
      const isThere = "xdotool search --name stays && pgrep -fx 'sleep 4747'";
      await run(name, `until (${isThere}) > /dev/null; do sleep 0.05; done`);
      await run(name, killRunner).catch(() => null);
      const { message } = await eventOf(daemon, "recovered", name);
      expect(message).toContain("its runner died (signal 9) and was started again");
      expect(await run(name, "cat /tmp/kept; pgrep -fc 'sleep 474[7]'")).toBe("kept\n2\n");
      expect(await run(name, "xdotool search --name stays | wc -l")).toBe("1\n");
      await prompt(name);
      const after = await call<Session>(name, "GET", "");
      expect(after).toMatchObject({ state: "running", startedAt: before.startedAt });
      expect(after.notices).toEqual([...before.notices, message]);
      await call(name, "POST", "/stop");
      const again = await call<Session>(name, "POST", "/start");
      expect(again.notices).toEqual(before.notices);
    },
  );

  test("takes an X server that has died with it for a new one, and is started as often as it dies", async () => {
    const { name } = await daemon.newSession({ name: "often" });
    let since = 0;
    for (const often of ["", "(2 times so far)", "(3 times so far)"]) {
      await run(name, `kill -KILL $(pgrep -x Xvnc) $(pgrep -o -x runner)`).catch(() => null);
      const { id, message } = await eventOf(daemon, "recovered", name, since);
      since = id;
      expect(message).toContain(often);
      await prompt(name);
    }
    expect(await call<Session>(name, "GET", "")).toMatchObject({ state: "running" });
  });

  test("with its X server only, the same", async () => {
    const { name } = await daemon.newSession({ name: "blind" });
    await run(name, "pkill -KILL -x Xvnc").catch(() => null);
    await eventOf(daemon, "recovered", name);
    await prompt(name);
  });
});

describe("from inside", () => {
  let it: Workstations;
  let ref: WorkstationRef;
  beforeAll(async () => {
    it = await Workstations.open();
    ref = await it.running(null);
  });
  afterAll(async () => {
    await it?.[Symbol.asyncDispose]();
  });
  const output = async (script: string) => (await it.run(ref, script)).output;

  test("the first process cannot be ended or stopped", async () => {
    await output("kill -KILL 1; kill -STOP 1; kill -SEGV 1; kill -HUP 1");
    expect(await output("cut -d' ' -f3 /proc/1/stat")).toBe("S");
  });

  test("neither the first process nor the runner can be traced, read or robbed", async () => {
    const attack = `
import ctypes, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
def refused(name, result):
    print(name, "refused" if result == -1 else "DONE")
def opens(path):
    try:
        os.listdir(path) if path.endswith("fd") else open(path, "rb").read(1)
        return 0
    except PermissionError:
        return -1
runner = int(subprocess.check_output(["pgrep", "-o", "-x", "runner"]))
for pid in (1, runner):
    refused("attach", libc.ptrace(16, pid, 0, 0))
    refused("seize", libc.ptrace(0x4206, pid, 0, 0))
    for name in ("mem", "environ", "auxv", "fd", "map_files", "stack", "syscall"):
        if name != "map_files": refused(name, opens(f"/proc/{pid}/{name}"))
    buffer = (ctypes.c_char * 8)()
    iov = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
    refused("vm_readv", libc.process_vm_readv(pid, iov, 1, iov, 1, 0))
    refused("getfd", libc.syscall(438, os.pidfd_open(pid), 3, 0))
`;
    const { exitCode, output: said } = await it.run(ref, `python3 -c '${attack}'`);
    expect([exitCode, said]).toEqual([0, expect.not.stringContaining("DONE")]);
    expect(said.match(/refused/g)).toHaveLength(2 * 10);
  });

  test("nobody else gets the runner's port, before and after it dies", async () => {
    const attack = `
import socket, subprocess, time
def take(reuse):
    it = socket.socket()
    for option in reuse: it.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        it.bind(("0.0.0.0", 7000)); it.listen()
        print("TAKEN"); time.sleep(9)
    except OSError: it.close()
for round in range(2):
    old = subprocess.check_output(["pgrep", "-o", "-x", "runner"])
    subprocess.run(["kill", "-KILL", old.strip()])
    # Longer than a runner must live to be taken for a well one.
    end = time.time() + 5
    while time.time() < end:
        for reuse in ([], [socket.SO_REUSEADDR], [socket.SO_REUSEADDR, socket.SO_REUSEPORT]): take(reuse)
print("over")
`;
    expect(await output(`python3 -c '${attack}'`)).toBe("over");
    const health = await it.runner(ref, "/runner/health");
    expect(health.status).toBe(200);
  });

  test("programs have no descriptor of the supervisor's, and know nothing of it", async () => {
    const reply = await it.runner(ref, "/runner/screen");
    expect(reply.status).toBe(200);
    const shells = "for pid in $(pgrep -x bash); do ls -l /proc/$pid/fd; done 2>/dev/null";
    expect(await output(`${shells} | grep -c socket; env | grep -c NEXORA_LISTENER`)).toBe("0\n0");
  });

  test("it ends when it is told to", async () => {
    await it.driver.stop(ref, { graceMs: 8000 });
    expect(await it.driver.inspect(ref)).toMatchObject({ running: false, exitCode: 0 });
  });
});
