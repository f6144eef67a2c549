import { deadline } from "../../src/abort.ts";
import { Client } from "../../src/client/client.ts";
import { endpointOf } from "../../src/client/endpoint.ts";
import type { Output } from "../../src/contract/index.ts";
import type { Command } from "../context.ts";
import { fields } from "../output/table.ts";
import { formatBytes } from "../output/units.ts";

type Status = Output<"daemon.status">;

/** How long a daemon may take to answer, in milliseconds. */
const deadlineMs = 2_000;

/** Says what daemon runs, of whatever version; never starts one and never waits long. */
export const command: Command = async ({ env, paths, signal, output }) => {
  const client = new Client({ endpoint: endpointOf(env, paths), version: null });
  const limited = deadline(deadlineMs, signal);
  const status = await client.call("daemon.status", {}, limited);
  await output.result(status, ({ memoryBytes, store, ...rest }) =>
    fields({ ...rest, store: storeText(store), memory: formatBytes(memoryBytes) }),
  );
};

function storeText({ kind, source, address }: Status["store"]): string {
  return address === null ? `${kind} (${source})` : `${kind} at ${address} (from ${source})`;
}
