import { existsSync } from "node:fs";
import type { Command } from "../context.ts";

/** Prints where the configuration file is, or would be. */
export const command: Command = ({ paths, output }) =>
  output.result({ path: paths.config, exists: existsSync(paths.config) }, ({ path }) => path);
