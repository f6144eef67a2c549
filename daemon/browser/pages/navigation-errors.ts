import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import { cleanUrl } from "./watch.ts";

/** What Chromium's errors of the network mean (net_error_list.h), and what to do then. */
const meanings: readonly [RegExp, string, string][] = [
  [
    /CONNECTION_REFUSED/,
    "nobody listens there",
    "is its server running? `nexora exec -- curl -sI URL` asks without the browser",
  ],
  [
    /NAME_NOT_RESOLVED|DNS/,
    "no such host is known",
    "is the name right? A session without a network has only its own pages: localhost and files",
  ],
  [
    /INTERNET_DISCONNECTED|NETWORK_CHANGED|ADDRESS_UNREACHABLE|NETWORK_ACCESS_DENIED/,
    "there is no network to it",
    "a session without a network, or `nexora chrome emulate --offline`, has only its own pages",
  ],
  [
    /CERT_|SSL_|TLS/,
    "its certificate or encryption cannot be trusted",
    "open it by http://, or have its authority trusted in the workstation",
  ],
  [/TIMED_OUT/, "it has not answered in time", "is its server busy? try again"],
  [
    /CONNECTION_(RESET|CLOSED|FAILED|ABORTED)|EMPTY_RESPONSE/,
    "the connection was broken",
    "the server's log may say why",
  ],
  [
    /INVALID_HTTP_RESPONSE|INVALID_RESPONSE|CONTENT_DECODING|INCOMPLETE_CHUNKED|CONTENT_LENGTH/,
    "its answer is not valid HTTP",
    "what listens on that port may not be a web server",
  ],
  [
    /TOO_MANY_REDIRECTS/,
    "it redirects without end",
    "`nexora chrome cookies rm` may help: sites do that over a cookie that they refuse",
  ],
  [/FILE_NOT_FOUND/, "there is no such file", "paths are those inside: /workspace/…"],
  [/ACCESS_DENIED/, "it may not be read", "its owner or mode forbids it"],
  [/UNSAFE_PORT/, "the browser refuses that port", "serve it on another one, such as 8080"],
  [/BLOCKED_BY_ADMINISTRATOR|BLOCKED_BY_CLIENT/, "the browser is told to refuse it", ""],
  [
    /ABORTED/,
    "it came to nothing: the server sent no page (204), or another navigation came in between",
    "`nexora chrome network` shows what was asked and answered",
  ],
];

/** The error of a navigation that has failed with one of Chromium's. */
export function navigationFailed(url: string, errorText: string): NexoraError {
  const reason = plainLine(errorText).slice(0, 200);
  const [, why = "", hint = ""] = meanings.find(([pattern]) => pattern.test(reason)) ?? [];
  const said = why === "" ? reason : `${why} (${reason})`;
  return new NexoraError("navigation_failed", `${cleanUrl(url)} was not opened: ${said}`, {
    ...(hint === "" ? {} : { hint }),
    details: { reason, url: cleanUrl(url) },
  });
}
