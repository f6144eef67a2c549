import { type ErrorCode, NexoraError } from "../../../src/contract/errors.ts";

/** What dockerode throws: a status of the engine's, or a socket's error code. */
interface EngineError {
  statusCode?: number;
  json?: { message?: unknown } | null;
  code?: string;
  message?: string;
}

/** HTTP status that the engine replied with; undefined when it did not reply. */
export function statusOf(thrown: unknown): number | undefined {
  return (thrown as EngineError | null)?.statusCode;
}

/**
 * The engine's error as one of ours. `doing` completes "the engine could not …".
 */
export function engineError(thrown: unknown, doing: string): unknown {
  if (thrown instanceof NexoraError || isAbort(thrown)) return thrown;
  const error = thrown as EngineError;
  if (error.statusCode === undefined) return unreachable(thrown, "the Docker engine");
  const said = String(error.json?.message ?? error.message ?? "no reason given").trim();
  const known = byMessage(said);
  return new NexoraError(
    known?.code ?? "engine_failed",
    known?.message ?? `the Docker engine could not ${doing}: ${said}`,
    {
      hint: known?.hint ?? "see `nexora doctor` and the engine's own log",
      details: known?.details,
      cause: thrown,
    },
  );
}

/** The engine does not answer: where, why, and what to do about it. */
export function unreachable(thrown: unknown, where: string): unknown {
  if (thrown instanceof NexoraError || isAbort(thrown)) return thrown;
  const { code, message } = thrown as EngineError;
  const why =
    code === "EACCES" || code === "EPERM"
      ? {
          text: "permission denied",
          hint: "join its group (`sudo usermod -aG docker $USER`, then log in again) or run as root",
        }
      : code === "ENOENT"
        ? {
            text: "there is no such socket",
            hint: "install an engine (`sudo apt install docker.io`), start it (`sudo systemctl start docker`) or set DOCKER_HOST",
          }
        : {
            text: message ?? String(thrown),
            hint: "start it (`sudo systemctl start docker` or `sudo service docker start`) or set DOCKER_HOST",
          };
  return new NexoraError("engine_unreachable", `cannot reach ${where}: ${why.text}`, {
    hint: why.hint,
    cause: thrown,
  });
}

interface Known {
  code: ErrorCode;
  message: string;
  hint: string;
  details?: Record<string, unknown>;
}

function byMessage(said: string): Known | null {
  if (/no such image/i.test(said)) {
    const image = /no such image: (\S+)/i.exec(said)?.[1] ?? "of the workstation";
    return {
      code: "image_missing",
      message: `there is no image ${image}`,
      hint: "run `nexora image build`",
    };
  }
  if (/port is already allocated|address already in use/i.test(said)) {
    const address = /\d+\.\d+\.\d+\.\d+:(\d+)/.exec(said)?.[1];
    return {
      code: "conflict",
      message: `the port ${address ?? "of the workstation"} is held by another program`,
      hint: "try again: another port is then taken",
      details: { port: address === undefined ? null : Number(address) },
    };
  }
  if (/no space left on device|disk quota exceeded/i.test(said)) {
    return {
      code: "disk_full",
      message: `the Docker engine's disk is full: ${said}`,
      hint: "free some space, for example with `nexora session rm` or `nexora image rm`",
    };
  }
  if (/bind source path does not exist|invalid mount config/i.test(said)) {
    return {
      code: "workspace_not_found",
      message: `the Docker engine cannot mount the workspace: ${said}`,
      hint: "the engine must see the same folders as the daemon; check the path and DOCKER_HOST",
    };
  }
  if (/unknown (or invalid )?runtime|invalid runtime name/i.test(said)) {
    return {
      code: "engine_failed",
      message: `the Docker engine does not have the container runtime: ${said}`,
      hint: "`nexora doctor` lists those that it offers",
    };
  }
  if (/apparmor/i.test(said)) {
    return {
      code: "engine_failed",
      message: `the AppArmor profile cannot be used: ${said}`,
      hint: "load it on the engine's host (apparmor_parser), or correct `isolation.apparmor` in the configuration",
    };
  }
  if (/seccomp/i.test(said)) {
    return {
      code: "engine_failed",
      message: `the seccomp profile cannot be used: ${said}`,
      hint: "fix the file that `isolation.seccompProfile` names in the configuration",
    };
  }
  if (/address pool/i.test(said)) {
    return {
      code: "engine_failed",
      message: `the Docker engine has no addresses left for the network of workstations: ${said}`,
      hint: "remove unused networks (`docker network prune`), or set the engine's `default-address-pools`",
    };
  }
  return null;
}

function isAbort(thrown: unknown): boolean {
  return (
    thrown instanceof Error && (thrown.name === "AbortError" || thrown.name === "TimeoutError")
  );
}
