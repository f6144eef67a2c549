import { dirname } from "node:path";
import type { Config } from "../../../src/contract/config.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Paths } from "../../../src/paths.ts";
import { assets } from "../../assets.ts";
import type { Faults } from "../../faults.ts";
import type { Ports } from "../../ports/ports.ts";
import { Workspaces } from "../../workspaces/workspaces.ts";
import type { Driver } from "../driver.ts";
import { connectDocker } from "./connect.ts";
import { createDockerDriver } from "./driver.ts";
import { createImageStore } from "./images/store.ts";
import { readSeccomp } from "./security.ts";

export interface DockerParts {
  paths: Paths;
  config: Config["isolation"];
  instance: string;
  ports: Ports;
  faults: Faults;
}

/** The driver for the Docker engine that the environment names, with the images that we bring. */
export async function assembleDocker(parts: DockerParts): Promise<Driver> {
  const { paths, config, instance, ports, faults } = parts;
  const docker = connectDocker();
  const context = assets.workstationContext();
  if (!context)
    throw new NexoraError("unexpected", "there is no image context: run `bun run build`");
  const self = { euid: process.geteuid?.() ?? 0, egid: process.getegid?.() ?? 0 };
  return createDockerDriver({
    docker,
    instance,
    images: createImageStore({ docker, context }),
    seccomp: await readSeccomp(config.seccompProfile ?? assets.seccomp()),
    apparmor: config.apparmor,
    workspaces: new Workspaces(paths.home, self, dirname(paths.config)),
    ports,
    faults,
  });
}
