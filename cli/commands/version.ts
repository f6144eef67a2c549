import { version } from "../../src/version.ts";
import type { Command } from "../context.ts";

export const command: Command = ({ output }) =>
  output.result({ version }, (it) => `nexora ${it.version}`);
