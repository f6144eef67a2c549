import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from "@modelcontextprotocol/server";
import { asNexoraError } from "../contract/errors.ts";
import type { Output } from "../contract/index.ts";
import { screenText } from "../words/screen.ts";
import { type Call, type McpOptions, operationOf } from "./options.ts";
import { errorText, resultOf } from "./results.ts";

/** A screen as a resource: its text, or its picture. */
interface ScreenResource {
  session: string;
  of: "text" | "pixels";
}

const [text, png] = ["text/plain", "image/png"];
/** As the tool `screen` gives it. */
const style = { chosen: false, numbered: false, named: true };

/** How screens are named (MCP 2026-07-28, "Resource Templates"). */
export const screenTemplates: ResourceTemplateType[] = [
  {
    uriTemplate: "nexora://session/{session}/screen",
    name: "screen",
    title: "Screen as text",
    description: "The exact text of the windows that a session shows",
    mimeType: text,
  },
  {
    uriTemplate: "nexora://session/{session}/screen.png",
    name: "screen.png",
    title: "Screen as a picture",
    description: "The pixels of a session's desktop",
    mimeType: png,
  },
];

/** The screen that a URI names; null: it names none. */
export function screenOf(uri: string): ScreenResource | null {
  const found = /^nexora:\/\/session\/([\w-]{1,64})\/screen(\.png)?$/.exec(uri);
  return found?.[1] ? { session: found[1], of: found[2] ? "pixels" : "text" } : null;
}

/** The screen that a URI names, if the client is about its session; throws otherwise. */
function ownScreenOf(uri: string, session: string | null): ScreenResource {
  const screen = screenOf(uri);
  if (screen && ownScreens([uri], session).size > 0) return screen;
  throw new ResourceNotFoundError(uri);
}

/** Those of a list that are URIs of such screens. */
export function ownScreens(uris: readonly unknown[], session: string | null): Set<string> {
  const isOwn = (uri: unknown): uri is string => {
    const screen = typeof uri === "string" ? screenOf(uri) : null;
    return screen !== null && (session === null || session === screen.session);
  };
  return new Set(uris.filter(isOwn));
}

/** The screens of the sessions that run, of those that the client is about. */
export async function runningScreens(
  { operations, session }: Pick<McpOptions, "operations" | "session">,
  call: Call,
  signal: AbortSignal,
): Promise<Resource[]> {
  const reply = await call(operationOf(operations, "session.ls"), {}, signal);
  return (reply as Output<"session.ls">).sessions
    .filter(({ state }) => state === "running")
    .filter(({ id, name }) => session === null || session === name || session === id)
    .map(({ name }) => {
      const uri = `nexora://session/${session ?? name}/screen`;
      return { uri, name, title: `Screen of ${name}`, mimeType: text };
    });
}

/** What a screen shows now. Throws errors as the protocol has them. */
export async function readScreen(
  uri: string,
  { operations, session, call }: McpOptions,
  signal: AbortSignal,
): Promise<ReadResourceResult> {
  const screen = ownScreenOf(uri, session);
  const isText = screen.of === "text";
  const fields = { session: screen.session, ...(isText ? { image: false } : { text: false }) };
  try {
    const reply = (await call(
      operationOf(operations, "screen"),
      fields,
      signal,
    )) as Output<"screen">;
    if (isText) return { contents: [{ uri, mimeType: text, text: screenText(reply, style) }] };
    const [picture] = resultOf("screen", { image: reply.image }, false).content.filter(
      (it) => it.type === "image",
    );
    return { contents: [{ uri, mimeType: png, blob: picture?.data ?? "" }] };
  } catch (thrown) {
    throw asProtocolError(uri, thrown);
  }
}

/** Throws unless a screen's session is there, running or not. */
export async function checkScreen(
  uri: string,
  { operations, session, call }: McpOptions,
  signal: AbortSignal,
): Promise<void> {
  const fields = { session: ownScreenOf(uri, session).session };
  try {
    await call(operationOf(operations, "session.show"), fields, signal);
  } catch (thrown) {
    throw asProtocolError(uri, thrown);
  }
}

/** An error as the protocol has it: what is not there is a resource that is not found. */
export function asProtocolError(uri: string, thrown: unknown): ProtocolError {
  const error = asNexoraError(thrown);
  if (error.code === "session_not_found") return new ResourceNotFoundError(uri, error.message);
  const { InternalError } = ProtocolErrorCode;
  return new ProtocolError(InternalError, errorText(error), { error: error.toJSON() });
}
