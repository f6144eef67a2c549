import { readFileSync } from "node:fs";
import { NexoraError } from "../contract/errors.ts";
import type { Paths } from "../paths.ts";
import { checkPrivateFolder } from "../private-folder.ts";
import { codeOf, messageOf } from "../thrown.ts";

/** Where a daemon listens. */
export interface Endpoint {
  /** URL that paths are appended to, without a trailing slash. */
  base: string;
  /** The Unix socket to use instead of the URL's host. */
  socket?: string;
  token?: string;
}

/** The daemon of this home, or the one that `NEXORA_HOST` names. */
export function endpointOf(env: Record<string, string | undefined>, paths: Paths): Endpoint {
  if (env.NEXORA_HOST) return remote(env.NEXORA_HOST, env.NEXORA_TOKEN_FILE);
  if (paths.socketFolder !== paths.home) checkIfThere(paths.socketFolder);
  return { base: "http://localhost", socket: paths.socket };
}

function checkIfThere(folder: string): void {
  try {
    checkPrivateFolder(folder);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

function remote(host: string, tokenFile: string | undefined): Endpoint {
  const url = URL.canParse(host) ? new URL(host) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new NexoraError("usage", `NEXORA_HOST is not a URL: ${host}`, {
      hint: "set it to, for example, http://127.0.0.1:9301",
    });
  }
  if (!tokenFile) {
    throw new NexoraError("usage", "NEXORA_HOST is set but NEXORA_TOKEN_FILE is not", {
      hint: "set NEXORA_TOKEN_FILE to a file with that daemon's token",
    });
  }
  try {
    const token = readFileSync(tokenFile, "utf8").trim();
    return { base: `${url.origin}${url.pathname.replace(/\/$/, "")}`, token };
  } catch (cause) {
    throw new NexoraError("usage", `the token file ${tokenFile} cannot be read`, {
      hint: messageOf(cause),
      cause,
    });
  }
}
