/**
 * Whether one of the patterns fits a model; null: all do. `*` stands for any text. A pattern with a
 * slash is compared with PROVIDER/MODEL, one without with the model's name at any provider, with and
 * without its vendor (`anthropic/claude-opus-5` at OpenRouter is `claude-opus-5`). So what names a
 * provider's model never means another provider's of the same name. `route/NAME` is compared with
 * what was asked for: all that such a route leads to is allowed by that name.
 */
export function allows(
  patterns: readonly string[] | null,
  provider: string,
  model: string,
  asked = "",
): boolean {
  if (patterns === null) return true;
  const bare = model.slice(model.lastIndexOf("/") + 1);
  return patterns.some((pattern) => {
    if (pattern.startsWith("route/")) return fits(pattern, asked);
    if (pattern.includes("/")) return fits(pattern, `${provider}/${model}`);
    return fits(pattern, model) || fits(pattern, bare);
  });
}

/** Without a regular expression, which a pattern of many stars could keep busy for long. */
function fits(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return text.endsWith(last);
}
