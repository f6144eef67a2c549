import { chmod, cp, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the parts of a running workstation keep their files; a tmpfs. */
export const runDirectory = "/run/nexora";
export const homeDirectory = "/home/nexora";
export const workspaceDirectory = "/workspace";
export const display = ":1";

const userName = "nexora";

/**
 * Gives the arbitrary uid and gid of this process a name (through libnss-extrausers, whose folder
 * /var/lib/extrausers the image links to /run/nexora/extrausers) and a home.
 */
export async function prepareAccount(uid: number, gid: number): Promise<void> {
  const users = join(runDirectory, "extrausers");
  await mkdir(users, { recursive: true, mode: 0o755 });
  const passwd = `${userName}:x:${uid}:${gid}:Nexora:${homeDirectory}:/bin/bash\n`;
  await Promise.all([
    writeFile(join(users, "passwd"), passwd, { mode: 0o644 }),
    writeFile(join(users, "group"), `${userName}:x:${gid}:\n`, { mode: 0o644 }),
    writeFile(join(users, "shadow"), `${userName}:!:19000:0:99999:7:::\n`, { mode: 0o640 }),
    prepareHome(),
    // Xvnc makes this folder only when it is root.
    mkdir("/tmp/.X11-unix", { recursive: true }).then(() => chmod("/tmp/.X11-unix", 0o1777)),
    ...["runtime", "tmp"].map((name) =>
      mkdir(join(runDirectory, name), { recursive: true, mode: 0o700 }),
    ),
  ]);
}

/** Makes the home from /etc/skel when the volume is new; leaves an existing home alone. */
async function prepareHome(): Promise<void> {
  const exists = await stat(homeDirectory).then(
    () => true,
    () => false,
  );
  if (exists) return;
  await mkdir(homeDirectory, { mode: 0o700 });
  const skeleton = await readdir("/etc/skel").catch(() => []);
  await Promise.all(
    skeleton.map((name) =>
      cp(join("/etc/skel", name), join(homeDirectory, name), { recursive: true }),
    ),
  );
}

/**
 * The environment of everything that runs for the user: the boot line's (`given`) win over ours,
 * except those that only the workstation can know.
 */
export function userEnvironment(
  inherited: Record<string, string | undefined>,
  given: Record<string, string>,
): Record<string, string> {
  return {
    PATH: inherited.PATH ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    SHELL: "/bin/bash",
    XDG_CONFIG_HOME: join(homeDirectory, ".config"),
    XDG_CACHE_HOME: join(homeDirectory, ".cache"),
    XDG_DATA_HOME: join(homeDirectory, ".local/share"),
    XDG_STATE_HOME: join(homeDirectory, ".local/state"),
    ...given,
    TMPDIR: given.TMPDIR ?? "/tmp",
    HOME: homeDirectory,
    USER: userName,
    LOGNAME: userName,
    DISPLAY: display,
    XDG_RUNTIME_DIR: join(runDirectory, "runtime"),
  };
}
