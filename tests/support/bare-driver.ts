import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Address } from "../../daemon/address.ts";
import type {
  Channel,
  Driver,
  Endpoints,
  WorkstationRef,
  WorkstationSpec,
} from "../../daemon/drivers/driver.ts";
import { baseImage } from "./workstations.ts";

/**
 * Docker as an engine that lacks all that an engine may lack: it has no images of its own, no
 * workspaces, no homes, no ports for people, and is reached over Unix sockets.
 */
export function bareDriver(docker: Driver): Driver {
  const folder = mkdtempSync(join(tmpdir(), "nexora-bare-"));
  const doors = new Map<string, { path: string; server: Promise<Server> }>();
  let made = 0;
  const shut = (session: string) => {
    for (const channel of ["rfb", "runner"]) {
      doors.get(`${session} ${channel}`)?.server.then((server) => server.close());
      doors.delete(`${session} ${channel}`);
    }
  };
  /** A socket in front of the workstation's own port. */
  const open = async (ref: WorkstationRef, channel: Channel, path: string): Promise<Server> => {
    const address = await docker.dial(ref, channel);
    if ("socket" in address) throw new Error("Docker has no sockets");
    const server = createServer({ allowHalfOpen: true }, (outer) => {
      const inner = connect({ ...address, host: address.hostname, allowHalfOpen: true });
      for (const [one, other] of [
        [outer, inner],
        [inner, outer],
      ] as const) {
        one.on("error", () => other.destroy()).on("close", () => other.destroy());
        one.pipe(other);
      }
    });
    await new Promise<void>((done, fail) => server.once("error", fail).listen(path, done));
    return server;
  };
  return {
    kind: "Bare",
    images: null,
    workspaces: null,
    homes: null,
    identity: (signal) => docker.identity(signal),
    check: (signal) => docker.check(signal),
    checkRuntime: (runtime, signal) => docker.checkRuntime(runtime, signal),
    create: (spec: WorkstationSpec, signal) =>
      docker.create({ ...spec, image: spec.image || baseImage }, signal),
    start: (ref, boot, signal) => docker.start(ref, boot, signal),
    stop: (ref, options, signal) => {
      shut(ref.session);
      return docker.stop(ref, options, signal);
    },
    remove: (ref, options, signal) => {
      shut(ref.session);
      return docker.remove(ref, options, signal);
    },
    inspect: (ref, signal) => docker.inspect(ref, signal),
    owned: (signal) => docker.owned(signal),
    watch: (signal) => docker.watch(signal),
    stats: (ref, signal) => docker.stats(ref, signal),
    logs: (ref, options, signal) => docker.logs(ref, options, signal),
    async dial(ref, channel): Promise<Address> {
      const key = `${ref.session} ${channel}`;
      let door = doors.get(key);
      if (!door) {
        const path = join(folder, `${made++}-${channel}`);
        door = { path, server: open(ref, channel, path) };
        doors.set(key, door);
      }
      await door.server;
      return { socket: door.path };
    },
    endpoints: async (): Promise<Endpoints> => ({}),
    async close() {
      for (const { server } of doors.values()) (await server).close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
