import { type Endpoint, endpointOf } from "../../client/endpoint.ts";
import { NexoraError } from "../../contract/errors.ts";
import { pathsOf } from "../../paths.ts";
import { Calls } from "./calls.ts";
import type { OperationFacts } from "./facts.ts";
import type { Bytes, CallOptions } from "./types.ts";

export interface ConnectOptions {
  /** Where the daemon listens, as `http://127.0.0.1:9301`; with a `token`. */
  url?: string | undefined;
  token?: string | undefined;
  /** Path of the daemon's Unix socket. */
  socket?: string | undefined;
  /** In place of the environment, of which `NEXORA_HOST`, `NEXORA_TOKEN_FILE` and `NEXORA_HOME` count. */
  env?: Record<string, string | undefined> | undefined;
  /** How often what only reads is sent again when the connection breaks. @default 2 */
  retries?: number | undefined;
}

interface ClientParts extends ConnectOptions {
  version: string;
  operations: readonly OperationFacts[];
}

/** The client whose methods are these operations; `Api` is its type, made from the same. */
export function openClient<Api>({ version, operations, ...options }: ClientParts): Api {
  const calls = new Calls({
    endpoint: endpointFrom(options),
    version,
    retries: options.retries ?? 2,
  });
  const ofSessions = operations.filter(({ session }) => session);
  const workstation = (session: string) => tree(ofSessions, calls, session);
  return Object.assign(tree(operations, calls, null), { workstation }) as Api;
}

function endpointFrom({ url, token, socket, env = process.env }: ConnectOptions): Endpoint {
  if (socket !== undefined) return { base: "http://localhost", socket };
  if (url === undefined) return endpointOf(env, pathsOf(env));
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new NexoraError("usage", `not a URL of a daemon: ${url}`, {
      hint: "for example, http://127.0.0.1:9301",
    });
  }
  return { base: url.replace(/\/+$/, ""), ...(token === undefined ? {} : { token }) };
}

type Method = (...given: unknown[]) => unknown;
type Node = Method | Record<string, unknown>;

/** The operations as methods, by the words of their ids; of one session, or of any. */
function tree(
  operations: readonly OperationFacts[],
  calls: Calls,
  session: string | null,
): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  // `chrome.tabs` before `chrome.tabs.new`: what is below an operation belongs to its method.
  for (const facts of operations.toSorted((a, b) => a.id.length - b.id.length)) {
    const words = facts.id.split(".").map(camel);
    const last = words.pop() ?? "";
    let at: Node = root;
    for (const word of words) at = below(at, word);
    set(at, last, methodOf(facts, calls, session));
  }
  return root;
}

function below(node: Node, word: string): Node {
  const found = Object.getOwnPropertyDescriptor(node, word)?.value;
  if (found) return found;
  const made = {};
  set(node, word, made);
  return made;
}

/** A function has names of its own, such as `name`, that an operation may have too. */
function set(node: Node, word: string, value: unknown): void {
  Object.defineProperty(node, word, { value, enumerable: true, configurable: true });
}

function camel(word: string): string {
  return word.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function methodOf(facts: OperationFacts, calls: Calls, session: string | null): Method {
  const { replies, gives, takes, picture, asked } = facts;
  const read = (given: unknown[]) => argumentsOf(facts, session, given);
  const stream: Method = (...given) => {
    const { fields, options } = read(given);
    if (gives === "process") return calls.process(facts, fields, options);
    return calls.stream(facts, asked ? { ...fields, [asked]: true } : fields, options);
  };
  if (!replies) return stream;
  const reply: Method = async (...given) => {
    const { fields, archive, options } = read(given);
    if (takes !== "archive") return calls.reply(facts, fields, options);
    return calls.upload(facts, fields, archive, options);
  };
  if (gives) set(reply, "stream", stream);
  if (picture) {
    set(reply, "picture", async (...given: unknown[]) => {
      const { fields, options } = read(given);
      return calls.picture(facts, fields, options);
    });
  }
  return reply;
}

/** What a method was given, in the order that its type says. */
function argumentsOf(
  { first, takes, gives }: OperationFacts,
  session: string | null,
  given: unknown[],
) {
  const left = [...given];
  const next = () => left.shift();
  const uploads = takes === "archive" && gives === null;
  const bound = session !== null && first !== null ? { [first]: next() } : {};
  const before = uploads && session !== null ? next() : undefined;
  const input = (next() ?? {}) as Record<string, unknown>;
  const archive = (uploads && session === null ? next() : before) as Bytes;
  const options = (next() ?? {}) as CallOptions;
  const fields = { ...input, ...bound, ...(session === null ? {} : { session }) };
  return { fields, archive, options };
}
