import { deadline } from "../../src/abort.ts";
import { Client } from "../../src/client/client.ts";
import { endpointOf } from "../../src/client/endpoint.ts";
import { version } from "../../src/version.ts";
import type { Command, Context } from "../context.ts";
import { chosenSession } from "../session.ts";

/** How long a person waits for a completion, in milliseconds. */
const patienceMs = 1_000;

/**
 * Prints what a word may be completed to, one candidate a line. Starts no daemon, never waits long,
 * and says nothing when it cannot know: it runs while somebody types.
 */
export const command: Command = async (context) => {
  const { kind, prefix = "" } = context.invocation.input;
  const signal = deadline(patienceMs, context.signal);
  let candidates: string[] = [];
  try {
    const client = new Client({ endpoint: endpointOf(context.env, context.paths), version });
    candidates = (await sources[String(kind)]?.({ context, client, signal }, String(prefix))) ?? [];
  } catch {
    context.signal.throwIfAborted();
  }
  // A line is a candidate, and what a workstation names its files is nothing for a terminal.
  candidates = candidates.filter((text) => !/[\x00-\x1f\x7f-\x9f]/.test(text));
  await context.output.result({ candidates }, (it) => it.candidates.join("\n"));
};

interface Asking {
  context: Context;
  client: Client;
  signal: AbortSignal;
}

const sources: Record<string, (asking: Asking, prefix: string) => Promise<string[]>> = {
  async sessions({ client, signal }) {
    return (await client.call("session.ls", {}, signal)).sessions.map(({ name }) => name);
  },
  async tokens({ client, signal }) {
    return (await client.call("token.ls", {}, signal)).tokens.map(({ name }) => name);
  },
  async images({ client, signal }) {
    return (await client.call("image.ls", {}, signal)).images.map(({ reference }) => reference);
  },
  /** The sides of `cp` that are in a workstation: `dev:`, and `dev:/tm` to `dev:/tmp/`. */
  async places(asking, prefix) {
    const { context, client, signal } = asking;
    const [, before, session, folder = "", start = ""] =
      /^((.*?):)(?:(.*\/))?([^/]*)$/s.exec(prefix) ?? [];
    if (before === undefined || session === undefined) {
      const { sessions } = await client.call("session.ls", {}, signal);
      return sessions.filter(({ state }) => state === "running").map(({ name }) => `${name}:`);
    }
    const chosen = session || chosenSession(undefined, context.env, context.folder);
    const path = folder === "" ? "." : folder;
    const { entries } = await client.call("files.ls", { session: chosen, path }, signal);
    return entries
      .filter(({ name }) => name.startsWith(start) && (start !== "" || !name.startsWith(".")))
      .map(({ name, type }) => `${before}${folder}${name}${type === "directory" ? "/" : ""}`);
  },
};
