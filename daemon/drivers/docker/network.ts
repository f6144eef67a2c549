import type Docker from "dockerode";
import { statusOf } from "./errors.ts";
import { label } from "./labels.ts";

/** The bridge that workstations are on, whichever daemon they belong to; made once, and kept. */
export const networkName = "nexora";

const deadlineMs = 15_000;

/**
 * Makes sure of the workstations' network. On the engine's default bridge containers reach each
 * other, so that a server that one agent starts would be open to all others; on this one they
 * reach everything but each other.
 */
export async function ensureNetwork(docker: Docker): Promise<void> {
  const abortSignal = AbortSignal.timeout(deadlineMs);
  const filters = { name: [networkName] }; // The engine finds names that only contain it, too.
  const found = await docker.listNetworks({ filters, abortSignal });
  if (found.some(({ Name }) => Name === networkName)) return;
  try {
    await docker.createNetwork({
      Name: networkName,
      CheckDuplicate: true,
      Driver: "bridge",
      Options: { "com.docker.network.bridge.enable_icc": "false" },
      Labels: { [label.network]: "full" },
      abortSignal,
    });
  } catch (error) {
    if (statusOf(error) !== 409) throw error; // Somebody else was faster.
  }
}
