import Docker from "dockerode";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { EngineInfo } from "../driver.ts";
import { unreachable } from "./errors.ts";
import { withPatience } from "./patience.ts";

/** First API version with all that the driver uses (Docker 19.03). */
const oldestApi = "1.40";
const checkDeadlineMs = 5_000;

/**
 * A client of the engine that DOCKER_HOST names, else of the default socket; connects lazily. Each
 * of its requests ends, also when the engine never answers.
 * Throws `engine_unreachable` when DOCKER_HOST is no address.
 */
export function connectDocker(): Docker {
  try {
    return withPatience(new Docker());
  } catch (cause) {
    throw new NexoraError(
      "engine_unreachable",
      `DOCKER_HOST is not an address of a Docker engine: ${process.env.DOCKER_HOST}`,
      { hint: "unset it, or write it as unix:///var/run/docker.sock or tcp://HOST:PORT", cause },
    );
  }
}

/** Facts of the engine. Throws `engine_unreachable` or `engine_too_old`. */
export async function checkEngine(docker: Docker, signal?: AbortSignal): Promise<EngineInfo> {
  const deadline = AbortSignal.timeout(checkDeadlineMs);
  const abortSignal = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const where = await engineAddress(docker);
  // dockerode's types do not know that these calls take a signal.
  const client = docker as unknown as {
    version(options: { abortSignal: AbortSignal }): Promise<Docker.DockerVersion>;
    info(options: { abortSignal: AbortSignal }): Promise<{ Runtimes?: Record<string, unknown> }>;
  };
  try {
    const [version, info] = await Promise.all([
      client.version({ abortSignal }),
      client.info({ abortSignal }),
    ]);
    if (compareVersions(version.ApiVersion, oldestApi) < 0) {
      throw new NexoraError(
        "engine_too_old",
        `Docker ${version.Version} at ${where} speaks API ${version.ApiVersion}; at least ${oldestApi} is needed`,
        { hint: "install Docker 19.03 or newer (`sudo apt install docker.io`)" },
      );
    }
    return {
      name: "Docker",
      version: version.Version,
      apiVersion: version.ApiVersion,
      runtimes: Object.keys(info.Runtimes ?? {}),
    };
  } catch (error) {
    if (deadline.aborted && !signal?.aborted) {
      throw unreachable(
        new Error(`no answer within ${checkDeadlineMs / 1000} s`, { cause: error }),
        `the Docker engine at ${where}`,
      );
    }
    throw unreachable(error, `the Docker engine at ${where}`);
  }
}

/** What does not change while an engine runs. */
export interface EngineFacts {
  /**
   * Which engine it is: the id that it made once, and where its data is if that is no usual place. The id
   * alone may be that of others on the host: before Docker 23 it comes from a key in /etc/docker.
   */
  id: string;
  /** The container runtime of who names none. */
  defaultRuntime: string;
}

const usualRoot = "/var/lib/docker";

/** Asks an engine for its facts. Throws `engine_failed` when it does not say which one it is. */
export async function engineFacts(docker: Docker): Promise<EngineFacts> {
  const info = (await docker.info()) as Record<string, unknown>;
  const { ID, DockerRootDir = usualRoot, DefaultRuntime } = info;
  if (typeof ID === "string" && ID !== "") {
    const id = DockerRootDir === usualRoot ? ID : `${ID} ${DockerRootDir}`;
    return { id, defaultRuntime: String(DefaultRuntime ?? "") };
  }
  throw new NexoraError("engine_failed", "the Docker engine does not say which one it is", {
    hint: "check that DOCKER_HOST names a Docker engine",
  });
}

/** Orders versions of the form `1.40` by their numbers. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (const [at, number] of (left ?? []).entries()) {
    const difference = number - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}

async function engineAddress(docker: Docker): Promise<string> {
  const { host, port, socketPath } = docker.modem as {
    host?: string;
    port?: number | string;
    socketPath?: string | (() => Promise<string>);
  };
  if (host) return `${host}:${port}`;
  return typeof socketPath === "function" ? await socketPath() : String(socketPath);
}
