import { Client } from "../src/client/client.ts";
import { endpointOf } from "../src/client/endpoint.ts";
import type { OperationId, Output } from "../src/contract/index.ts";
import type { Restarted } from "../src/contract/tab.ts";
import type { McpOptions } from "../src/mcp/options.ts";
import type { Paths } from "../src/paths.ts";
import { version } from "../src/version.ts";
import type { Output as Printer } from "./output/output.ts";
import type { Invocation } from "./parse.ts";
import { chosenSession } from "./session.ts";
import type { Streams } from "./streams.ts";

export type Environment = Record<string, string | undefined>;

/** What the process gives to the CLI: nothing below reads globals of its own. */
export interface Surroundings {
  env: Environment;
  /** The current folder. */
  folder: string;
  streams: Streams;
  paths: Paths;
  /** Command that runs this program. */
  program: readonly string[];
  /** Command that runs the daemon in the foreground. */
  daemonCommand: string[];
  /** Aborts when the user interrupts, once `catchSignals` was called. */
  signal: AbortSignal;
  /** Turns SIGINT and SIGTERM into an abort of `signal`. */
  catchSignals(): void;
  /** Becomes the daemon, which has its own way with signals. */
  runDaemon(options: { port?: number }): Promise<void>;
  /** Reads a picture file by our own tesseract: its TSV. `mode` is the page segmentation mode. */
  readText(picture: Uint8Array, mode: number): Promise<string>;
  /** Speaks the Model Context Protocol on standard input and output. */
  serveMcp(options: Omit<McpOptions, "operations">, signal: AbortSignal): Promise<void>;
}

/** What a verb's handler works with. */
export interface Context extends Surroundings {
  invocation: Invocation;
  output: Printer;
}

/** A verb's handler; the number is the exit code, 0 when there is none. */
// biome-ignore lint/suspicious/noConfusingVoidType: most handlers have nothing to say.
export type Command = (context: Context) => Promise<number | void>;

/** The client of the chosen daemon, which is started when it is ours and does not run, unless `starts` is false. */
export function clientOf(context: Surroundings, starts = true): Client {
  const endpoint = endpointOf(context.env, context.paths);
  const isOurs = starts && endpoint.token === undefined;
  return new Client({
    endpoint,
    version,
    ...(isOurs ? { start: (signal) => startDaemon(context, signal) } : {}),
  });
}

/** Starts the daemon in the background. */
export async function startDaemon(context: Surroundings, signal: AbortSignal): Promise<void> {
  const { launchDaemon } = await import("../src/client/launch.ts");
  const { paths, daemonCommand: command, env } = context;
  await launchDaemon({ paths, command, env, signal });
}

/** The session that the invocation is about. */
export function sessionOf({ invocation, env, folder }: Context): string {
  const { input, globals } = invocation;
  return chosenSession((input.session as string | undefined) ?? globals.session, env, folder);
}

/** Sends the verb's own operation, with these fields over those of the command line. */
export async function callOperation<Id extends OperationId>(
  context: Context,
  id: Id,
  fields: object = {},
): Promise<Output<Id>> {
  const asked = { ...fieldsOf(context), ...fields };
  const reply = await clientOf(context).request(id, asked, context.signal);
  await noteRestart(context, reply);
  return reply;
}

/** The browser may have died since its last verb. */
export async function noteRestart({ output }: Context, reply: object): Promise<void> {
  const { restarted } = reply as { restarted?: Restarted };
  if (!restarted) return;
  const { tabs } = restarted;
  const back = tabs === 1 ? "its tab is back" : `its ${tabs} tabs are back`;
  await output.note(`the browser had died and was restarted: ${back}`);
}

/** The fields of the command line, with the session that it is about. */
export function fieldsOf(context: Context): Record<string, unknown> {
  const { verb, input } = context.invocation;
  return verb.needsSession ? { ...input, session: sessionOf(context) } : input;
}
