import { expect, test } from "bun:test";
import Docker from "dockerode";
import { isSharing, WorkstationNetwork } from "../../../../../daemon/drivers/docker/network.ts";

/** An engine that, like the real one, makes two networks of a name when it is asked twice at once. */
function engine(networks: { Id: string; Name: string }[], nextId: string) {
  const made: unknown[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    routes: {
      "/networks": () => Response.json(networks),
      "/networks/create": async (request) => {
        made.push(await request.json());
        networks.push({ Id: nextId, Name: "nexora" });
        return Response.json({ Id: nextId }, { status: 201 });
      },
      "/networks/:id": (request) => {
        networks.splice(
          networks.findIndex(({ Id }) => Id === request.params.id),
          1,
        );
        return new Response(null, { status: 204 });
      },
    },
  });
  const docker = new Docker({ protocol: "http", host: "127.0.0.1", port: server.port ?? 0 });
  return { network: new WorkstationNetwork(docker), made, server };
}

test("the network is made once for all who ask at a time, and keeps containers apart", async () => {
  const networks = [{ Id: "z", Name: "nexora-of-somebody" }];
  const { network, made, server } = engine(networks, "b");
  await using _ = { [Symbol.asyncDispose]: () => server.stop(true) };
  await Promise.all([network.ensure(), network.ensure(), network.ensure()]);
  await network.ensure();
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({
    Name: "nexora",
    Options: { "com.docker.network.bridge.enable_icc": "false" },
  });
});

test("of two that daemons made at the same moment, one stays", async () => {
  const networks: { Id: string; Name: string }[] = [];
  const { network, server } = engine(networks, "b");
  await using _ = { [Symbol.asyncDispose]: () => server.stop(true) };
  const push = networks.push.bind(networks);
  networks.push = (...own) => push({ Id: "a", Name: "nexora" }, ...own);
  await network.ensure();
  expect(networks.map(({ Id }) => Id)).toEqual(["a"]);
});

test("only what is known to see a network that comes later joins one", () => {
  expect(["runc", "crun", "io.containerd.runc.v2"].every(isSharing)).toBe(true);
  expect(["runsc", "kata-runtime", "io.containerd.runsc.v1", ""].some(isSharing)).toBe(false);
});
