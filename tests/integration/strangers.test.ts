import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import type { Session } from "../../src/contract/session.ts";
import { engineCensus } from "../support/census.ts";
import { TestDaemon } from "../support/daemon.ts";
import { baseImage } from "../support/workstations.ts";

const list = async (daemon: TestDaemon) =>
  (await daemon.call<{ sessions: Session[] }>("GET", "/v1/sessions")).sessions;

test("two daemons on one engine see neither each other's sessions nor a stranger's things", async () => {
  const docker = connectDocker();
  const name = `nexora-stranger-${randomBytes(4).toString("hex")}`;
  const stranger = await docker.createContainer({
    name,
    Image: baseImage,
    Entrypoint: ["sleep", "600"],
    // What another tool might say of its own.
    Labels: { "nexora.session": "s_stranger" },
    HostConfig: { Mounts: [{ Type: "volume", Source: name, Target: "/data" }] },
  });
  try {
    await stranger.start();
    await using ours = await TestDaemon.start();
    let theirs = await TestDaemon.start();
    try {
      const first = await ours.newSession({ name: "same", workspace: null });
      const second = await theirs.newSession({ name: "same", workspace: null });
      expect(first.ports?.vnc).not.toBe(second.ports?.vnc);
      await theirs.end("SIGKILL");
      theirs = await TestDaemon.start(theirs.home);
      expect((await list(ours)).map(({ id }) => id)).toEqual([first.id]);
      expect((await list(theirs)).map(({ id }) => id)).toEqual([second.id]);
      expect(theirs.call("DELETE", `/v1/sessions/${first.id}`)).rejects.toMatchObject({
        code: "session_not_found",
      });
      await theirs.call("DELETE", `/v1/sessions/${second.id}`);
      expect((await engineCensus(theirs.home)).containers).toEqual([]);
      expect(await list(ours)).toMatchObject([{ id: first.id, state: "running" }]);
      expect((await stranger.inspect()).State.Running).toBe(true);
      expect((await docker.getVolume(name).inspect()).Name).toBe(name);
    } finally {
      await theirs[Symbol.asyncDispose]();
    }
  } finally {
    await stranger.remove({ force: true });
    await docker.getVolume(name).remove({ force: true });
  }
});
