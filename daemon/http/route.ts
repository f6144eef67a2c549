import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { z } from "zod";
import { asNexoraError } from "../../src/contract/errors.ts";
import type { Operation } from "../../src/contract/operation.ts";
import { framesContentType } from "../../src/frames.ts";
import type { Audit } from "../events/audit.ts";
import type { Logger } from "../log.ts";
import { guard, type HttpEnv, protect } from "./guard.ts";
import { propertyTypes, readJsonBody, readQuery, validate } from "./input.ts";

interface Call<I> {
  input: I;
  request: Request;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

export type Handler<I, O> = (call: Call<I>) => Promise<O | Response> | O | Response;

/** Only the daemon's own user can open its Unix socket. */
const localActor = `local:${process.env.USER ?? process.getuid?.() ?? "unknown"}`;

/** Serves operations: the path, the parsing and the errors follow from their definitions. */
export class Router {
  readonly app = new Hono<HttpEnv>();
  private readonly served = new Set<string>();

  constructor(
    token: string,
    private readonly audit: Pick<Audit, "record">,
    log: Logger,
  ) {
    this.app.use(guard(token));
    this.app.onError((error, context) => {
      const known = asNexoraError(error);
      if (known.code === "unexpected")
        log.error("unexpected error", { path: context.req.path, error });
      const reply = Response.json(known, { status: known.status });
      protect(reply.headers);
      return reply;
    });
    this.app.notFound((context) =>
      Response.json(
        {
          code: "not_found",
          message: `there is no ${context.req.method} ${context.req.path}`,
          hint: "GET /openapi.json lists every operation",
        },
        { status: 404 },
      ),
    );
  }

  on<I extends z.ZodObject, O extends z.ZodType>(
    operation: Operation<I, O>,
    handler: Handler<z.output<I>, z.input<O>>,
  ): this {
    const types = propertyTypes(operation as unknown as Operation);
    const path = operation.path.replace(/\{(\w+)\}/g, ":$1");
    const fromBody = operation.method !== "GET" && operation.method !== "DELETE";
    this.served.add(operation.id);
    const audited = operation.method === "GET" ? [] : [this.audited(operation.id)];
    this.app.on([operation.method], [path], ...audited, async (context: Context<HttpEnv>) => {
      const request = context.req.raw;
      const framed = isFramed(request, operation.requestType);
      const json = fromBody && !framed && operation.requestType !== "application/x-tar";
      const fields = {
        ...readQuery(new URL(request.url).searchParams, types),
        ...(json ? await readJsonBody(request) : {}),
        ...context.req.param(),
      };
      // With frames, the first one carries the fields: its handler validates them.
      const input = framed ? (fields as z.output<I>) : validate(operation.input, fields);
      const output = await handler({ input, request, signal: request.signal });
      return output instanceof Response ? output : Response.json(output ?? {});
    });
    return this;
  }

  /** Writes down who asked for an operation that changes something, and what came of it. */
  private audited(operation: string): MiddlewareHandler<HttpEnv> {
    return async (context, next) => {
      await next();
      this.audit.record({
        actor: context.env.transport === "unix" ? localActor : "token:default",
        operation,
        session: context.req.param("session") ?? null,
        status: context.res.status,
      });
    };
  }

  /** Ids of the operations that have a handler. */
  get operations(): ReadonlySet<string> {
    return this.served;
  }
}

function isFramed(request: Request, type: string | undefined): boolean {
  return type === framesContentType && request.headers.get("content-type") === type;
}
