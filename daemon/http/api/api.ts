import { type Context, Hono } from "hono";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Operation } from "../../../src/contract/operation.ts";
import { framesContentType } from "../../../src/frames.ts";
import { compatible, version } from "../../../src/version.ts";
import type { Registry } from "../../operations/registry.ts";
import type { Principal } from "../../principals/principal.ts";
import type { Policy } from "../policy.ts";
import type { Admitted, RouteGroup } from "../server.ts";
import { readFramed } from "./decode.ts";
import { acceptedStream, streamReply } from "./encode.ts";
import { checkPath, propertyTypes, readJsonBody, readQuery } from "./fields.ts";
import { openapi } from "./openapi.ts";
import { pictureFormat, pictureReply } from "./picture.ts";
import { inApiWords, isCommandLine } from "./words.ts";

interface Env {
  Bindings: { principal: Principal };
}

/** Serves every operation over HTTP: path, parsing and encodings follow from its definition. */
export function apiGroup(registry: Registry, policy: Policy, url: () => string): RouteGroup {
  const app = new Hono<Env>();
  for (const operation of registry.operations) {
    const path = operation.path.replace(/\{(\w+)\}/g, ":$1");
    app.on([operation.method], [path], route(registry, operation));
  }
  app.get("/openapi.json", () => Response.json(openapi(registry.operations, version, url())));
  for (const [path, methods] of methodsByPath(app.routes)) app.all(path, wrongMethod(methods));
  app.onError((error) => {
    throw error;
  });
  app.notFound((context) => {
    throw new NexoraError("not_found", `there is no ${context.req.method} ${context.req.path}`, {
      hint: "GET /openapi.json lists every operation",
    });
  });
  return {
    covers: () => true,
    policy,
    async answer(request: Request, { principal }: Admitted) {
      checkVersion(request.headers.get("x-nexora-version"));
      checkPath(new URL(request.url).pathname);
      return app.fetch(request, { principal });
    },
  };
}

/** The methods that there are for each path. */
function methodsByPath(routes: readonly { path: string; method: string }[]) {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    // Whatever can be got has a head.
    const more = method === "GET" ? ["GET", "HEAD"] : [method];
    methods.set(path, [...(methods.get(path) ?? []), ...more]);
  }
  return methods;
}

/** 405, with the methods that there are (RFC 9110, sections 10.2.1 and 15.5.6). */
function wrongMethod(methods: readonly string[]) {
  return ({ req }: Context<Env>): Response => {
    const allow = methods.join(", ");
    const why = `there is no ${req.method} ${req.path}, only ${allow}`;
    const error = new NexoraError("method_not_allowed", why, {
      hint: "GET /openapi.json lists every operation",
    });
    return Response.json(error, { status: error.status, headers: { allow } });
  };
}

function route(registry: Registry, operation: Operation) {
  const types = propertyTypes(operation);
  const { stream, picture, healthy } = operation;
  return async (context: Context<Env>): Promise<Response> => {
    const request = context.req.raw;
    const accept = request.headers.get("accept") ?? "";
    const { fields, source } = await readRequest(operation, request, types);
    Object.assign(fields, context.req.param());
    const gone = new AbortController();
    const signal = AbortSignal.any([request.signal, gone.signal]);
    const asked = { principal: context.env.principal, fields, signal, source };
    const type =
      stream?.out && (isFramed(request) ? framesContentType : acceptedStream(stream.out, accept));
    const streams = operation.output === null || type || (stream?.asked && fields[stream.asked]);
    if (stream?.out && streams) {
      const items = await registry.stream(operation, asked);
      // What can be resumed is a browser's EventSource at the other end, unless it says otherwise.
      const usual = stream.resume ? "text/event-stream" : undefined;
      // Nobody reads the body of a reply to HEAD, so nobody would ever end the stream.
      if (request.method === "HEAD") gone.abort();
      return streamReply(stream.out, type ?? usual, items, {
        end: () => gone.abort(),
        words: isCommandLine(request) ? (error) => error : inApiWords,
      });
    }
    const format = picture === undefined ? undefined : pictureFormat(accept);
    if (format !== undefined && "format" in types) fields.format ??= format;
    const reply = await registry.reply(operation, asked);
    const body = (reply ?? {}) as Record<string, unknown>;
    if (picture !== undefined && format !== undefined) return pictureReply(body, picture);
    const unwell = healthy !== undefined && body[healthy] === false;
    const told = isCommandLine(request) ? body : inApiWords(body);
    return Response.json(told, { status: unwell ? 503 : 200 });
  };
}

/** What a request carries, in whatever form; unchecked. */
async function readRequest(
  { method, stream }: Operation,
  request: Request,
  types: ReturnType<typeof propertyTypes>,
): Promise<{ fields: Record<string, unknown>; source?: ReadableStream<never> }> {
  const query = readQuery(new URL(request.url).search, types);
  const last = Number(request.headers.get("last-event-id") ?? Number.NaN);
  if (stream?.resume && Number.isInteger(last)) query[stream.resume] = last;
  if (method === "GET" || method === "DELETE") return { fields: query };
  const body = request.body as ReadableStream<never> | null;
  if (stream?.in === "archive") return { fields: query, ...(body ? { source: body } : {}) };
  if (stream?.in === "process" && isFramed(request)) {
    const { fields, source } = await readFramed(body);
    return { fields: { ...query, ...fields }, source: source as ReadableStream<never> };
  }
  return { fields: { ...query, ...(await readJsonBody(request)) } };
}

function isFramed(request: Request): boolean {
  return request.headers.get("content-type") === framesContentType;
}

/** Before anything happens: what is done and then refused would be done again. */
function checkVersion(theirs: string | null): void {
  if (theirs === null || compatible(theirs, version)) return;
  throw new NexoraError(
    "version_mismatch",
    `the daemon has version ${version}, this command has ${theirs}; nothing was done`,
    {
      hint: "run `nexora daemon stop`: the next command starts the right one, and sessions keep running",
    },
  );
}
