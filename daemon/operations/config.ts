import type { Config, configOperations } from "../../src/contract/config.ts";
import { isOutdated } from "../config.ts";
import type { HandlersOf } from "./handler.ts";

/** The configuration in force, read from the file at that path when the daemon started. */
export function configHandlers(config: Config, path: string): HandlersOf<typeof configOperations> {
  return {
    "config.show": { reply: () => ({ path, changed: isOutdated(config, path), config }) },
  };
}
