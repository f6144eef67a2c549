import { NexoraError } from "../../../src/contract/errors.ts";

/** What an address without a scheme begins with, where the browser should not ask by TLS first. */
const local =
  /^(localhost|127(\.\d{1,3}){3}|\[[0-9a-f:.]+\]|\d{1,3}(\.\d{1,3}){3})(:\d+)?([/?#]|$)/i;
const scheme = /^(https?|file|about|data|blob|chrome|view-source|chrome-extension):/i;

/**
 * The URL that an address means, as a person would type it: one without a scheme is https, of this machine
 * http, and a path a file inside. Throws `usage` for what is none.
 */
export function urlOf(address: string): string {
  const text = address.trim();
  if (/^javascript:/i.test(text)) {
    throw new NexoraError("usage", "a javascript: address cannot be opened", {
      hint: "`nexora chrome eval` runs a script in the page",
    });
  }
  const full = scheme.test(text)
    ? text
    : text.startsWith("/")
      ? `file://${encodeURI(text).replace(/[?#]/g, encodeURIComponent)}`
      : `${local.test(text) ? "http" : "https"}://${text}`;
  if (URL.canParse(full)) return full;
  throw new NexoraError("usage", `${JSON.stringify(address)} is not an address`, {
    hint: "write it as http://localhost:3000/path, or a file as /workspace/page.html",
  });
}
