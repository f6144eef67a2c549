import { NexoraError } from "../src/contract/errors.ts";
import type { Surroundings } from "./context.ts";
import { implicitSession } from "./session.ts";
import type { Verb } from "./verb.ts";
import { verbs } from "./verbs.ts";

/** An error of the daemon with what only the command line knows: its flags, its files. */
export function explain(
  error: NexoraError,
  verb: Verb | null,
  surroundings: Pick<Surroundings, "env" | "folder">,
): NexoraError {
  switch (error.code) {
    case "usage":
      return explainField(error, verb);
    case "session_not_found":
      return explainSession(error, surroundings);
    case "ambiguous_session":
      return hinted(error, "choose one with -s NAME, NEXORA_SESSION or `nexora session use NAME`");
    case "unauthorized":
      return hinted(error, "NEXORA_TOKEN_FILE names a file with a token of that daemon's");
    default:
      return error;
  }
}

function hinted({ code, message, details }: NexoraError, hint: string): NexoraError {
  return new NexoraError(code, message, { hint, details });
}

/**
 * Says where the name of a missing session comes from, when the command line did not give it: a
 * `.nexora/session` file outlives its session.
 */
function explainSession(
  error: NexoraError,
  { env, folder }: Pick<Surroundings, "env" | "folder">,
): NexoraError {
  const implicit = implicitSession(env, folder);
  if (!implicit || !error.message.includes(JSON.stringify(implicit.name))) return error;
  return new NexoraError(error.code, `${error.message} (named by ${implicit.source})`, {
    hint: "choose another with `nexora session use NAME` or -s; `nexora session ls` lists them",
    details: error.details,
    cause: error,
  });
}

/**
 * Names the flag or argument that a field was given by, where the daemon names the field:
 * `size.width: must be …` becomes `--size: width must be …`.
 */
function explainField(error: NexoraError, verb: Verb | null): NexoraError {
  const [issue] = (error.details?.issues ?? []) as { path?: unknown; message?: unknown }[];
  if (!verb || !Array.isArray(issue?.path) || typeof issue.message !== "string") return error;
  const [name, inside] = nameOf(verb, issue.path.map(String)) ?? [];
  if (name === undefined || inside === undefined) return error;
  const words = inside.filter((part) => !/^\d+$/.test(part)).join(" ");
  const message = `${name}: ${words ? `${words} ` : ""}${issue.message}`;
  return new NexoraError(error.code, message, {
    hint: error.hint,
    details: error.details,
    cause: error,
  });
}

/** The flag or argument of a field, and what of the path is inside of its value. */
function nameOf(verb: Verb, [field = "", ...inside]: string[]): [string, string[]] | null {
  const argument = verb.arguments.find((each) => each.field === field);
  if (argument) return [argument.name, inside];
  const member = verb.flags.find((flag) => flag.into === field && flag.field === inside[0]);
  if (member) return [`--${member.name}`, inside.slice(1)];
  const flag = verb.flags.find((each) => !each.local && !each.into && each.field === field);
  if (flag?.kind !== "condition") return flag ? [`--${flag.name}`, inside] : null;
  const wait = verbs.named(["wait"]);
  const condition = wait?.flags.find((each) => each.field === inside[0]);
  return condition ? [`--${flag.name} ${condition.name}`, inside.slice(1)] : null;
}
