import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the parts of a running workstation keep their files; a tmpfs. */
export const runDirectory = "/run/nexora";
export const homeDirectory = "/home/nexora";
export const workspaceDirectory = "/workspace";
export const display = ":1";
/** Where X servers listen. */
export const socketDirectory = "/tmp/.X11-unix";

/** Where the session's D-Bus listens, if the image has one. */
export const sessionBus = `unix:path=${join(runDirectory, "runtime/bus")}`;

const userName = "nexora";

/**
 * Gives the arbitrary uid and gid of this process a name (through libnss-extrausers, whose folder
 * /var/lib/extrausers the image links to /run/nexora/extrausers) and a home, and programs the
 * folders that they expect.
 */
export function prepareAccount(uid: number, gid: number): void {
  const users = join(runDirectory, "extrausers");
  mkdirSync(users, { recursive: true, mode: 0o755 });
  const passwd = `${userName}:x:${uid}:${gid}:Nexora:${homeDirectory}:/bin/bash\n`;
  writeFileSync(join(users, "passwd"), passwd, { mode: 0o644 });
  writeFileSync(join(users, "group"), `${userName}:x:${gid}:\n`, { mode: 0o644 });
  writeFileSync(join(users, "shadow"), `${userName}:!:19000:0:99999:7:::\n`, { mode: 0o640 });
  for (const name of ["runtime", "tmp"]) {
    mkdirSync(join(runDirectory, name), { recursive: true, mode: 0o700 });
  }
  // Xvnc makes this folder only when it is root.
  mkdirSync(socketDirectory, { recursive: true });
  chmodSync(socketDirectory, 0o1777);
  prepareHome();
}

/** Makes the home from /etc/skel when the volume is new; leaves an existing home alone. */
function prepareHome(): void {
  if (existsSync(homeDirectory)) return;
  mkdirSync(homeDirectory, { mode: 0o700 });
  if (existsSync("/etc/skel")) cpSync("/etc/skel", homeDirectory, { recursive: true });
}

/**
 * The environment of everything that runs for the user: the boot line's (`given`) win over ours,
 * except those that only the workstation can know.
 */
export function userEnvironment(
  inherited: Record<string, string | undefined>,
  given: Record<string, string>,
): Record<string, string> {
  const path = inherited.PATH ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return {
    PATH: path,
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    SHELL: "/bin/bash",
    XDG_CONFIG_HOME: join(homeDirectory, ".config"),
    XDG_CACHE_HOME: join(homeDirectory, ".cache"),
    XDG_DATA_HOME: join(homeDirectory, ".local/share"),
    XDG_STATE_HOME: join(homeDirectory, ".local/state"),
    ...(Bun.which("dbus-daemon", { PATH: path }) ? { DBUS_SESSION_BUS_ADDRESS: sessionBus } : {}),
    // Qt tells of its windows only when asked to.
    QT_LINUX_ACCESSIBILITY_ALWAYS_ON: "1",
    ...given,
    TMPDIR: given.TMPDIR ?? "/tmp",
    HOME: homeDirectory,
    USER: userName,
    LOGNAME: userName,
    DISPLAY: display,
    XDG_RUNTIME_DIR: join(runDirectory, "runtime"),
  };
}
