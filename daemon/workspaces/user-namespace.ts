import { openSync } from "node:fs";
import { writeFile } from "node:fs/promises";

const deadlineMs = 5_000;
/** Ids end here: the highest 32-bit number means "no id". */
const endOfIds = 2 ** 32 - 1;

interface User {
  uid: number;
  gid: number;
}

/**
 * User namespaces whose maps swap 0 and a user's ids, as a mount needs it to map its own
 * (mount_setattr(2)). One for each user, kept open: to make one takes three processes and 10 ms. Needs root.
 */
export class SwappingNamespaces {
  private readonly opened = new Map<string, Promise<number>>();

  /** The descriptor of the user's; it stays open. */
  of(user: User): Promise<number> {
    const key = `${user.uid}:${user.gid}`;
    const known = this.opened.get(key);
    if (known) return known;
    const opening = openSwappingNamespace(user);
    this.opened.set(key, opening);
    opening.catch(() => this.opened.delete(key));
    return opening;
  }
}

async function openSwappingNamespace(user: User): Promise<number> {
  const child = Bun.spawn(["/usr/bin/unshare", "--user", "/bin/cat"], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    signal: AbortSignal.timeout(deadlineMs),
  });
  try {
    // cat echoes only once unshare has entered the namespace and become it.
    child.stdin.write("\n");
    child.stdin.flush();
    const { done } = await child.stdout.getReader().read();
    if (done) throw new Error(`unshare: ${(await child.stderr.text()).trim()}`);
    await Promise.all([
      writeFile(`/proc/${child.pid}/uid_map`, swappingMap(user.uid)),
      writeFile(`/proc/${child.pid}/gid_map`, swappingMap(user.gid)),
    ]);
    return openSync(`/proc/${child.pid}/ns/user`, "r");
  } finally {
    child.kill();
    await child.exited;
  }
}

/**
 * A map (user_namespaces(7): first id inside, first id outside, count) under which 0 and `id`
 * change places and every other id stays. On a mount, "inside" is the disk.
 */
export function swappingMap(id: number): string {
  const ranges = [
    [0, id, 1],
    [id, 0, 1],
    [1, 1, id - 1],
    [id + 1, id + 1, endOfIds - (id + 1)],
  ];
  return ranges
    .filter(([, , count]) => count !== 0)
    .map((range) => `${range.join(" ")}\n`)
    .join("");
}
