import { operations } from "../contract/index.ts";
import type { Operation } from "../contract/operation.ts";
import type { Route } from "./route.ts";

/** What a request is built from, of every operation. A macro: read off the contract when bundled. */
export function routeTable(): Record<string, Route> {
  return Object.fromEntries(operations.map((operation) => [operation.id, routeOf(operation)]));
}

function routeOf({ method, path, access, stream }: Operation): Route {
  return { method, path, reads: access === "read", takes: stream?.in ?? null };
}
