import type Docker from "dockerode";
import { statusOf } from "./errors.ts";
import { label } from "./labels.ts";

/** The bridge that workstations are on, whichever daemon they belong to; made once, and kept. */
export const networkName = "nexora";

const deadlineMs = 15_000;

/**
 * Runtimes under which a container is processes of the host's kernel, and sees at once what its
 * network namespace is given. Others (gVisor) take over what there is at the start, and no more.
 */
const sharingRuntimes = ["runc", "crun", "io.containerd.runc.v2"];

/** Whether it is one of these: a container can then join its network once it runs. */
export function isSharing(runtime: string): boolean {
  return sharingRuntimes.includes(runtime);
}

/**
 * The workstations' network. On the engine's default bridge containers reach each other, so that a
 * server that one agent starts would be open to all others; on this one they reach everything but
 * each other.
 */
export class WorkstationNetwork {
  private making: Promise<void> | null = null;

  constructor(private readonly docker: Docker) {}

  /** Makes sure that it exists. At once for all who ask at a time: the engine would make several. */
  ensure(): Promise<void> {
    this.making ??= this.make().finally(() => {
      this.making = null;
    });
    return this.making;
  }

  /**
   * Takes a container that has not started off "none": the engine counts that as a network, and puts
   * who is on it onto no other.
   */
  async prepare(handle: string, abortSignal: AbortSignal): Promise<void> {
    await this.docker.getNetwork("none").disconnect(requestFor(handle, abortSignal));
  }

  /**
   * Connects a running container, prepared before, and publishes its ports. A container with a
   * network from the start stands still until it is made, which takes as long as a desktop's start.
   */
  async join(handle: string, abortSignal: AbortSignal): Promise<void> {
    await this.docker.getNetwork(networkName).connect(requestFor(handle, abortSignal));
  }

  private async make(): Promise<void> {
    const abortSignal = AbortSignal.timeout(deadlineMs);
    if ((await this.ids(abortSignal)).length > 0) return;
    try {
      const { id } = await this.docker.createNetwork({
        Name: networkName,
        CheckDuplicate: true,
        Driver: "bridge",
        Options: { "com.docker.network.bridge.enable_icc": "false" },
        Labels: { [label.network]: "full" },
        abortSignal,
      });
      // Another daemon may have made one at the same moment; of several, one stays.
      const [first] = (await this.ids(abortSignal)).toSorted();
      if (first !== id) await this.docker.getNetwork(id).remove();
    } catch (error) {
      if (statusOf(error) !== 409) throw error; // Somebody else was faster.
    }
  }

  private async ids(abortSignal: AbortSignal): Promise<string[]> {
    const filters = { name: [networkName] }; // The engine finds names that only contain it, too.
    const found = await this.docker.listNetworks({ filters, abortSignal });
    return found.filter(({ Name }) => Name === networkName).map(({ Id }) => Id);
  }
}

/** dockerode's types know no signal, and its options would go into the body. */
function requestFor(handle: string, abortSignal: AbortSignal): Docker.NetworkConnectOptions {
  const options = { _query: {}, _body: { Container: handle }, abortSignal };
  return options as Docker.NetworkConnectOptions;
}
