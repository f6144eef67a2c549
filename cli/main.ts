import { asClientError } from "../src/client/broken.ts";
import type { ErrorCode, NexoraError } from "../src/contract/errors.ts";
import { commandOf } from "./commands/index.ts";
import type { Context, Surroundings } from "./context.ts";
import { JsonOutput } from "./output/json.ts";
import type { Output } from "./output/output.ts";
import { TextOutput } from "./output/text.ts";
import { invocationOf, noWords, readWords, type Words } from "./parse.ts";
import { ClosedPipe } from "./streams.ts";
import { unknownVerb } from "./unknown-verb.ts";
import type { Verb } from "./verb.ts";
import { verbs } from "./verbs.ts";

/** Exit code when Nexora itself fails in a verb whose exit code is that of a command. */
const ownFailure = 125;

/** Carries out one command line and resolves with the exit code. Never throws. */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const words = noWords();
  try {
    readWords(verbs, argv, words);
    const context = contextOf(words, surroundings);
    const command = await commandOf(context.invocation.verb);
    if (context.invocation.verb.id !== "daemon.run") surroundings.catchSignals();
    return (await command(context)) ?? 0;
  } catch (thrown) {
    if (thrown instanceof ClosedPipe) return 0;
    const reason = surroundings.signal.aborted ? surroundings.signal.reason : thrown;
    return await fail(asClientError(reason), words, argv, surroundings);
  }
}

function contextOf(words: Words, surroundings: Surroundings): Context {
  const { verb, globals } = words;
  const output = outputOf(globals.json ?? false, globals.quiet ?? false, surroundings);
  if (globals.version) return contextFor("version", {}, words, output, surroundings);
  if (globals.help || (verb === null && words.unknown.length === 0)) {
    const topic = verb?.words ?? words.unknown;
    return contextFor("help", { topic }, words, output, surroundings);
  }
  if (verb === null) throw unknownVerb(verbs, words.unknown);
  return { ...surroundings, output, invocation: invocationOf(verb, words) };
}

function contextFor(
  id: string,
  input: Record<string, unknown>,
  { globals }: Words,
  output: Output,
  surroundings: Surroundings,
): Context {
  const verb = verbs.named([id]) as Verb;
  return { ...surroundings, output, invocation: { verb, input, local: {}, globals } };
}

async function fail(
  error: NexoraError,
  { verb, globals }: Words,
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  // An error may come before its reader has got as far as --json.
  const json = globals.json ?? (error.code === "usage" && argv.includes("--json"));
  try {
    const told = await inOwnWords(error, verb, surroundings);
    await outputOf(json, false, surroundings).failure(told);
  } catch (thrown) {
    if (!(thrown instanceof ClosedPipe)) throw thrown;
  }
  return verb?.id === "exec" && error.code !== "interrupted" ? ownFailure : error.exitCode;
}

/** Errors of the daemon to which the command line has something to add. */
const explained: ReadonlySet<ErrorCode> = new Set([
  "usage",
  "session_not_found",
  "ambiguous_session",
  "unauthorized",
]);

/** The error with what only the command line knows: its flags, and where a name came from. */
async function inOwnWords(
  error: NexoraError,
  verb: Verb | null,
  surroundings: Surroundings,
): Promise<NexoraError> {
  if (!explained.has(error.code)) return error;
  return (await import("./explain.ts")).explain(error, verb, surroundings);
}

function outputOf(json: boolean, quiet: boolean, { streams, env }: Surroundings): Output {
  if (json) return new JsonOutput(streams);
  return new TextOutput(streams, { quiet, noColour: Boolean(env.NO_COLOR) });
}
