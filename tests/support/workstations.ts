import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import { createDockerDriver, type DockerDriverParts } from "../../daemon/drivers/docker/driver.ts";
import type { HostPorts, PortPair } from "../../daemon/drivers/docker/engine.ts";
import { contextFromTar } from "../../daemon/drivers/docker/images/context.ts";
import { createImageStore } from "../../daemon/drivers/docker/images/store.ts";
import { readLines } from "../../daemon/drivers/docker/output.ts";
import type { Driver, WorkstationRef, WorkstationSpec } from "../../daemon/drivers/driver.ts";
import { createWorkspaces, type Workspaces } from "../../daemon/workspaces/workspaces.ts";
import type { RunnerBoot } from "../../src/runner/boot.ts";

const seccompPath = new URL("../../docker/workstation/seccomp.json", import.meta.url);
/** The image that sessions of tests have; another one where two runs share an engine. */
export const baseImage = process.env.NEXORA_TEST_IMAGE ?? "nexora-workstation:base";

/** A Docker driver of an instance of its own, whose every object goes on dispose. */
export class Workstations implements AsyncDisposable {
  readonly secrets = { token: secret(24), vncPassword: secret(4) };

  private constructor(
    readonly docker: Docker,
    readonly driver: Driver,
    readonly workspaces: Workspaces,
    readonly ports: TestPorts,
    readonly instance: string,
    readonly folder: string,
  ) {}

  /** Fails, naming the remedy, when there is no engine or no base image. */
  static async open(): Promise<Workstations> {
    const docker = connectDocker();
    await docker
      .getImage(baseImage)
      .inspect()
      .catch((cause) => {
        throw new Error(`these tests need ${baseImage}: run \`nexora image build base\``, {
          cause,
        });
      });
    const folder = await mkdtemp(join(tmpdir(), "nexora-test-"));
    const workspaces = createWorkspaces({ home: join(folder, "home") });
    const instance = `test${secret(6)}`;
    const ports = new TestPorts();
    const driver = await openDriver({ docker, instance, workspaces, ports });
    return new Workstations(docker, driver, workspaces, ports, instance, folder);
  }

  /** What a workstation on this folder needs. */
  async spec(
    workspace: string | null = null,
    changes: Partial<WorkstationSpec> = {},
  ): Promise<WorkstationSpec> {
    const plan = await this.workspaces.plan(workspace);
    return {
      session: `s_${secret(5)}`,
      name: "shop",
      image: baseImage,
      ...plan,
      profile: "hardened",
      network: "full",
      runtime: null,
      limits: { cpus: 1, memoryBytes: 512 * 1024 * 1024, pids: 200 },
      ...changes,
    };
  }

  boot(changes: Partial<RunnerBoot> = {}): RunnerBoot {
    const size = { width: 800, height: 600 };
    return { ...this.secrets, size, env: {}, name: "shop", browser: false, ...changes };
  }

  /** A running workstation. */
  async running(
    workspace: string | null = null,
    changes: Partial<WorkstationSpec> = {},
  ): Promise<WorkstationRef> {
    const ref = await this.driver.create(await this.spec(workspace, changes));
    await this.driver.start(ref, this.boot());
    return ref;
  }

  /** One request to a workstation's runner, with its token. */
  async runner(ref: WorkstationRef, path: string, init: RequestInit = {}): Promise<Response> {
    const address = await this.driver.dial(ref, "runner");
    const headers = { authorization: `Bearer ${this.secrets.token}` };
    if ("socket" in address) throw new Error("the Docker driver has no sockets");
    return fetch(`http://${address.hostname}:${address.port}${path}`, { ...init, headers });
  }

  /** A stranger's server on a port of this host. */
  async listenOn(port: number, strangers: Map<number, Server>): Promise<void> {
    const server = createServer();
    strangers.set(port, server);
    await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  }

  /** Runs a shell script in a workstation through the engine: exit code, and all that it wrote. */
  async run(ref: WorkstationRef, script: string): Promise<{ exitCode: number; output: string }> {
    const exec = await this.docker.getContainer(ref.handle).exec({
      Cmd: ["bash", "-c", script],
      AttachStdout: true,
      AttachStderr: true,
    });
    const bytes = await buffer(await exec.start({}));
    const lines = await Array.fromAsync(readLines([bytes] as unknown as AsyncIterable<Uint8Array>));
    return { exitCode: (await exec.inspect()).ExitCode ?? -1, output: lines.join("\n") };
  }

  /** Ids and names of all that this instance has in the engine. */
  async objects(): Promise<{ containers: string[]; volumes: string[] }> {
    const filters = { label: [`nexora.instance=${this.instance}`] };
    const [containers, { Volumes }] = await Promise.all([
      this.docker.listContainers({ all: true, filters }),
      this.docker.listVolumes({ filters }),
    ]);
    return {
      containers: containers.map(({ Id }) => Id),
      volumes: (Volumes ?? []).map(({ Name }) => Name),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { containers, volumes } = await this.objects();
    await Promise.all(containers.map((id) => this.docker.getContainer(id).remove({ force: true })));
    await Promise.all(volumes.map((name) => this.docker.getVolume(name).remove()));
    for (const session of await this.workspaces.views()) await this.workspaces.release(session);
    await this.driver.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A Docker driver that builds no images. */
export async function openDriver(
  parts: Pick<DockerDriverParts, "docker" | "instance" | "workspaces" | "ports">,
): Promise<Driver> {
  const seccomp = await Bun.file(seccompPath).text();
  const images = createImageStore({
    docker: parts.docker,
    context: contextFromTar(new Uint8Array()),
  });
  return createDockerDriver({ ...parts, images, seccomp, faults: () => {} });
}

/** Hands out ports that nobody holds at the moment, without a store. */
export class TestPorts implements HostPorts {
  readonly held = new Map<string, PortPair>();
  onAllocated: (pair: PortPair) => Promise<void> = async () => {};

  async allocate(session: string): Promise<PortPair> {
    const pair = this.held.get(session) ?? { vnc: await freePort(), cdp: await freePort() };
    this.held.set(session, pair);
    await this.onAllocated(pair);
    return pair;
  }

  async release(session: string): Promise<void> {
    this.held.delete(session);
  }

  async keep(session: string, pair: PortPair): Promise<void> {
    this.held.set(session, pair);
  }

  async holders(): Promise<{ session: { id: string }; engine: null }[]> {
    return [...this.held.keys()].map((id) => ({ session: { id }, engine: null }));
  }

  /** The ports of a workstation. Throws when it has none. */
  of({ session }: WorkstationRef): PortPair {
    const pair = this.held.get(session);
    if (!pair) throw new Error(`${session} holds no ports`);
    return pair;
  }
}

function secret(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

/** A loopback port that nobody holds at the moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port was free");
  return address.port;
}
