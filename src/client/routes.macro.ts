import { operations } from "../contract/index.ts";
import type { Route } from "./route.ts";

/** Method and path of every operation, by its id. A macro: read off the contract when bundled. */
export function routeTable(): Record<string, Route> {
  return Object.fromEntries(operations.map(({ id, method, path }) => [id, { method, path }]));
}
