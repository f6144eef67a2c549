import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { readRegistration } from "../../src/client/registration.ts";
import { agentClients, type Server, tokenVariable } from "../agents/clients.ts";
import { type Entry, withoutSecrets } from "../agents/entry.ts";
import { snippetOf, writeEntry } from "../agents/file.ts";
import type { Command, Context } from "../context.ts";
import { usageError } from "../usage.ts";

/** Where the daemon listens when it has not said so. */
const usualUrl = "http://127.0.0.1:9301";
/** What says which daemon and which session are meant. */
const passedOn: Readonly<Record<string, (value: string) => string>> = {
  NEXORA_HOME: (path) => resolve(path),
  NEXORA_HOST: (url) => url,
  NEXORA_TOKEN_FILE: (path) => resolve(path),
  NEXORA_SESSION: (name) => name,
};

/** Prints what an agent's client needs to find Nexora, or writes it into the client's file. */
export const command: Command = async (context) => {
  const { invocation, output, env, folder } = context;
  const { client: name, http } = invocation.input;
  const { write, project } = invocation.local;
  const client = agentClients[String(name)];
  if (!client) throw usageError(`there is no client ${name}`);
  const server = http ? httpServer(context) : program(context);
  const entry: Entry = {
    servers: client.servers,
    name: "nexora",
    value: client.entry(server),
    besides: client.besides?.(server) ?? null,
  };
  const ofUser = project ? null : client.user(env.HOME || homedir(), env);
  const path = ofUser ?? join(folder, client.project);
  const snippet = snippetOf(client.format, entry);
  if (http) {
    const where = name === "vscode" ? "VS Code asks for a token" : `export ${tokenVariable} for it`;
    await output.note(`${where}: \`nexora token new ${name}\` makes one`);
  }
  if (!write) {
    await output.result({ path, snippet, written: false, replaced: null }, () => snippet);
    await output.note(`this belongs into ${path}; --write puts it there`);
    return;
  }
  const within = ofUser === null ? folder : null;
  const written = writeEntry(client.format, path, entry, within);
  const [changed, before] = [written.changed, withoutSecrets(written.before)];
  const done = { path, snippet, written: changed, replaced: changed ? before : null };
  await output.result(done, () => path);
  if (!changed) await output.note("it is there already: nothing was written");
  else if (before) await output.note(`it replaces ${JSON.stringify(before)}`);
};

/** How a client starts this program: by its name, where that leads to it. */
function program({ invocation, program: words, env }: Context): Server {
  const [command = "nexora", ...rest] = words;
  const found = Bun.which("nexora", { PATH: env.PATH ?? "" });
  const isFound = found !== null && rest.length === 0 && realpathSync(found) === command;
  const { session } = invocation.globals;
  return {
    command: isFound ? "nexora" : command,
    args: [
      ...rest,
      "mcp",
      ...(session ? ["-s", session] : []),
      ...(invocation.input.tools === "all" ? ["--tools", "all"] : []),
    ],
    env: Object.fromEntries(
      Object.entries(passedOn).flatMap(([name, read]) => {
        const value = env[name];
        return value ? [[name, read(value)] as const] : [];
      }),
    ),
  };
}

function httpServer({ invocation, env, paths }: Context): Server {
  const base = env.NEXORA_HOST || readRegistration(paths.registration)?.url || usualUrl;
  const url = URL.parse(`${base.replace(/\/$/, "")}/mcp`);
  if (!url) throw usageError(`NEXORA_HOST is not a URL: ${base}`);
  const session = invocation.globals.session ?? env.NEXORA_SESSION;
  if (session) url.searchParams.set("session", session);
  if (invocation.input.tools === "all") url.searchParams.set("tools", "all");
  return { url: url.href };
}
