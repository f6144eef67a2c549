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
  /** A daemon of version 0.1 says only the kind. */
  store?: string | { kind: string; source: string; address: string | null };
}

/** Says what daemon runs, of whatever version; never starts one and never waits long. */
export const command: Command = async ({ env, paths, signal, output }) => {
  const client = new Client({ endpoint: endpointOf(env, paths), version: null });
  const limited = deadline(deadlineMs, signal);
  const status = (await client.call(routeOf("daemon.status"), {}, limited)) as Status;
  await output.result(status, ({ memoryBytes, store, ...rest }) =>
    fields({ ...rest, store: storeText(store), memory: formatBytes(memoryBytes) }),
  );
};

function storeText(store: Status["store"]): string | undefined {
  if (typeof store !== "object") return store;
  const { kind, source, address } = store;
  return address === null ? `${kind} (${source})` : `${kind} at ${address} (from ${source})`;
}
