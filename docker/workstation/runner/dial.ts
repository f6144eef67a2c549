import { connect } from "node:net";
import { pipeline } from "node:stream/promises";
import { rfbPort, runnerPort } from "../../../src/runner/protocol.ts";

const ports: Record<string, number> = { rfb: rfbPort, runner: runnerPort };

/**
 * Joins standard input and output to one of the workstation's own ports until the port's side
 * ends: how a workstation without a network is reached, through an exec of the engine's.
 */
export async function dial(channel: string | undefined): Promise<void> {
  const port = ports[channel ?? ""];
  if (port === undefined) {
    process.stderr.write("usage: runner dial rfb|runner\n");
    process.exit(2);
  }
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  process.stdin.pipe(socket);
  await pipeline(socket, process.stdout);
  // Standard input may stay open for ever, and would keep the process.
  process.exit();
}
