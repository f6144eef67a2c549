import { readFile } from "node:fs/promises";
import type Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";
import { messageOf } from "../../../src/thrown.ts";

/** What the kernel checks a workstation's processes against. */
export interface Confinement {
  /** The seccomp profile, as JSON. */
  seccomp: string;
  /** Name of an AppArmor profile that is loaded on the host; without one, the engine's own. */
  apparmor?: string | undefined;
}

/**
 * Reads the seccomp profile that the configuration names. Throws `config_invalid`, naming the
 * file, when it cannot be read or is none.
 */
export async function readSeccomp(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw invalid(path, messageOf(cause), cause);
  }
  let profile: { defaultAction?: unknown; syscalls?: unknown } | null;
  try {
    profile = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `it is not valid JSON (${messageOf(cause)})`, cause);
  }
  if (typeof profile?.defaultAction === "string" && Array.isArray(profile.syscalls)) return text;
  throw invalid(path, "a profile has a defaultAction and a list of syscalls", undefined);
}

function invalid(path: string, why: string, cause: unknown): NexoraError {
  return new NexoraError(
    "config_invalid",
    `isolation.seccompProfile: ${path} cannot be used: ${why}`,
    { hint: "fix it, or leave the field out for Nexora's own profile", cause },
  );
}

/**
 * Whether the engine can do what is asked of it beyond its defaults; without such wishes it is not
 * asked. Throws `usage` for a runtime that it does not offer, `config_invalid` for AppArmor on a
 * host without it, where the engine would silently do nothing.
 */
export async function checkOffered(
  docker: Docker,
  wishes: { runtime: string | null; apparmor?: string | undefined },
): Promise<void> {
  const { runtime, apparmor } = wishes;
  if (runtime === null && apparmor === undefined) return;
  const { Runtimes = {}, SecurityOptions = [] } = await docker.info();
  const offered = Object.keys(Runtimes);
  // The engine finds a containerd shim by its name, without having been told of it.
  if (runtime !== null && !offered.includes(runtime) && !runtime.startsWith("io.containerd.")) {
    throw new NexoraError(
      "usage",
      `the Docker engine has no runtime ${runtime}; it offers ${offered.join(", ")}`,
      {
        hint: "install it and name it under `runtimes` in /etc/docker/daemon.json, or leave --runtime out",
        details: { runtime, offered },
      },
    );
  }
  const confines = (SecurityOptions as string[]).some((option) => /name=apparmor\b/.test(option));
  if (apparmor !== undefined && !confines) {
    throw new NexoraError(
      "config_invalid",
      `isolation.apparmor is ${apparmor}, but the Docker engine's host has no AppArmor`,
      { hint: "leave the field out of the configuration, or enable AppArmor on the host" },
    );
  }
}
