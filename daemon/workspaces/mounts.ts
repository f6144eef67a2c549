import { closeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { NexoraError } from "../../src/contract/errors.ts";
import { openMountCalls, SyscallError } from "./syscalls.ts";

/** errno(3). */
const ENOSYS = 38;

/**
 * Shows a folder, by its descriptor, at `target`. With `mapping`, the descriptor of a user
 * namespace, ids are mapped as in it. Set-id programs and devices do not work on it, and nothing on the disk
 * changes. Throws `engine_failed` where the kernel or the file system cannot.
 */
export async function mountView(
  folder: number,
  target: string,
  { workspace, mapping }: { workspace: string; mapping: (() => Promise<number>) | null },
): Promise<void> {
  let mount: number | null = null;
  using calls = openMountCalls();
  try {
    const namespace = mapping && (await mapping());
    // What is mounted below cannot be mapped with it.
    mount = calls.cloneMount(folder, { recursive: namespace === null });
    try {
      calls.restrict(mount, namespace);
    } catch (error) {
      // Linux before 5.12: what needs no map is shown without the restrictions.
      if (namespace !== null || !(error instanceof SyscallError) || error.errno !== ENOSYS)
        throw error;
    }
    calls.attach(mount, target);
  } catch (cause) {
    const belongs = mapping ? " belongs to root and" : "";
    throw new NexoraError(
      "engine_failed",
      `the workspace ${workspace}${belongs} cannot be shown to a normal user: ${why(cause)}`,
      {
        hint: "run nexora as a normal user, or give the folder to one (`chown -R USER FOLDER`)",
        cause,
      },
    );
  } finally {
    if (mount !== null) closeSync(mount);
  }
}

/** Takes a mount away, also while it is in use; its users keep it until they end. */
export function unmount(target: string): void {
  using calls = openMountCalls();
  calls.unmount(target);
}

/** All mount points, from proc_pid_mountinfo(5), whose field 5 has blanks escaped in octal. */
export async function mountPoints(): Promise<string[]> {
  const table = await readFile("/proc/self/mountinfo", "utf8");
  return table
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .map((point) =>
      point.replaceAll(/\\([0-7]{3})/g, (_, octal) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    );
}

function why(cause: unknown): string {
  if (!(cause instanceof SyscallError))
    return cause instanceof Error ? cause.message : String(cause);
  const reasons: Record<number, string> = {
    1: "the kernel does not allow it here (a container, or a file system mounted by another user)",
    22: "its file system does not support id-mapped mounts",
    38: "the kernel is older than 5.12",
  };
  return reasons[cause.errno] ?? cause.message;
}
