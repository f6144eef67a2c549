import type { OperationId } from "../contract/index.ts";
import type { Route } from "./route.ts";
import { routeTable } from "./routes.macro.ts" with { type: "macro" };

const routes: Record<string, Route> = routeTable();

/** The route of an operation. */
export function routeOf(id: OperationId): Route {
  const route = routes[id];
  if (!route) throw new TypeError(`no operation ${id}`);
  return route;
}
