/** The part of an operation that a request is built from. */
export interface Route {
  method: string;
  /** Path with `{field}` parts. */
  path: string;
  /** It changes nothing, so that it may be sent again. */
  reads: boolean;
  /** The shape of the stream that it takes; null: none, so that its fields are a JSON body. */
  takes: "process" | "archive" | null;
}

/**
 * The path, query and JSON body that carry an operation's input: `{field}` parts go into the
 * path; the rest into the query of a GET or DELETE (objects as JSON), else into the body.
 */
export function requestOf(
  route: Pick<Route, "method" | "path">,
  input: object,
  inQuery: boolean = route.method === "GET" || route.method === "DELETE",
): { target: string; body: string | undefined } {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = route.path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = rest.get(field);
    rest.delete(field);
    return encodeURIComponent(String(value));
  });
  if (!inQuery) return { target: path, body: JSON.stringify(Object.fromEntries(rest)) };
  const query = new URLSearchParams();
  for (const [name, value] of rest) {
    for (const each of Array.isArray(value) ? value : [value]) {
      query.append(name, typeof each === "object" ? JSON.stringify(each) : String(each));
    }
  }
  return { target: query.size > 0 ? `${path}?${query}` : path, body: undefined };
}
