import { deadline } from "../../src/abort.ts";
import { Client } from "../../src/client/client.ts";
import { endpointOf } from "../../src/client/endpoint.ts";
import { routeOf } from "../../src/client/routes.ts";
import type { Command } from "../context.ts";
import { fields } from "../output/table.ts";
import { formatBytes } from "../output/units.ts";

/** How long a daemon may take to answer, in milliseconds. */
const deadlineMs = 2_000;

interface Status extends Record<string, unknown> {
  memoryBytes: number;
}

/** Says what daemon runs, of whatever version; never starts one and never waits long. */
export const command: Command = async ({ env, paths, signal, output }) => {
  const client = new Client({ endpoint: endpointOf(env, paths), version: null });
  const limited = deadline(deadlineMs, signal);
  const status = (await client.call(routeOf("daemon.status"), {}, limited)) as Status;
  await output.result(status, ({ memoryBytes, ...rest }) =>
    fields({ ...rest, memory: formatBytes(memoryBytes) }),
  );
};
