import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import { deadline } from "../src/abort.ts";
import type { Check } from "../src/contract/daemon.ts";
import { codeOf, messageOf } from "../src/thrown.ts";
import type { Surroundings } from "./context.ts";

const dockerMs = 3_000;
const defaultDocker = "unix:///var/run/docker.sock";

/** What can be checked without a daemon: its home and the Docker engine. */
export async function localChecks({ paths, env, signal }: Surroundings): Promise<Check[]> {
  return [checkHome(paths.home), await checkDocker(env.DOCKER_HOST || defaultDocker, signal)];
}

function checkHome(home: string): Check {
  let folder = home;
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return { name: "home", ok: true, message: `${home} is writable`, hint: null };
  } catch {
    const hint = "set NEXORA_HOME to a folder that you can write to";
    return { name: "home", ok: false, message: `${folder} is not writable`, hint };
  }
}

async function checkDocker(host: string, signal: AbortSignal): Promise<Check> {
  const socket = /^unix:\/\/(.+)$/.exec(host)?.[1];
  const url = socket ? "http://localhost" : host.replace(/^tcp:/, "http:");
  try {
    const reply = await fetch(`${url}/_ping`, {
      ...(socket ? { unix: socket } : {}),
      proxy: "",
      signal: deadline(dockerMs, signal),
    });
    const message = `Docker answers on ${host} (API ${reply.headers.get("api-version") ?? "?"})`;
    return { name: "docker", ok: reply.ok, message, hint: null };
  } catch (error) {
    const code = codeOf(error);
    return {
      name: "docker",
      ok: false,
      message: `Docker does not answer on ${host} (${code || messageOf(error)})`,
      hint:
        code === "EACCES"
          ? "add yourself to the docker group, and log in again"
          : "start it (`sudo systemctl start docker`) or set DOCKER_HOST",
    };
  }
}
