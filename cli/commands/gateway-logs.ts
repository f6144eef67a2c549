import { itemsOf } from "../../src/client/streams.ts";
import type { GatewayRequest } from "../../src/contract/gateway-requests.ts";
import { formatDuration } from "../../src/duration.ts";
import { type Command, callOperation, clientOf } from "../context.ts";
import { follow } from "../follow.ts";
import { table } from "../output/table.ts";
import { printable } from "../output/units.ts";

const heading = [
  "ID",
  "TIME",
  "WHO",
  "ASKED FOR",
  "ANSWERED BY",
  "STATUS",
  "TIME TAKEN",
  "TOKENS",
  "USD",
  "PROBLEM",
];
/** Columns of fixed width for what comes, because it is not known yet. */
const widths = [6, 24, 16, 28, 28, 6, 10, 12, 10, 0];

/** Prints the latest requests for models, and with `--follow` what comes, one a line. */
export const command: Command = async (context) => {
  const { invocation, signal } = context;
  if (invocation.input.follow) {
    const items = itemsOf(clientOf(context), "gateway.logs", invocation.input, signal);
    return follow(context, items, cellsOf, widths);
  }
  const reply = await callOperation(context, "gateway.logs");
  await context.output.result(reply, ({ requests }) => table(heading, requests.map(cellsOf)));
};

function cellsOf(request: GatewayRequest): string[] {
  const { id, time, caller, asked, provider, model, status, ms, costUsd, error, prompt } = request;
  const { inputTokens, outputTokens } = request;
  const known = inputTokens !== null || outputTokens !== null;
  return [
    String(id),
    time,
    printable(`${caller.kind}:${caller.name}`),
    printable(asked),
    printable(provider === null ? "-" : `${provider}/${model}`),
    String(status),
    formatDuration(ms),
    known ? `${inputTokens ?? "?"}+${outputTokens ?? "?"}` : "-",
    costUsd === null ? "-" : String(costUsd),
    printable([error, prompt].filter((it) => it !== null).join("  ")),
  ];
}
