import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import { Refusal } from "../cdp/protocol.ts";
import type { PageLink } from "./page-link.ts";
import { goneMark } from "./page-types.ts";
import type { Match } from "./replies.ts";
import type { Target } from "./target.ts";

/** `button "Save"` */
export function named({ role, name }: Pick<Match, "role" | "name">): string {
  return plainLine(name === "" ? role : `${role} ${JSON.stringify(name)}`);
}

/** `button "Save" <button id="save">` */
export function inWords(match: Pick<Match, "role" | "name" | "markup">): string {
  return `${named(match)} ${plainLine(match.markup)}`;
}

/** The error for a ref whose element is gone. */
export function stale(named: string): NexoraError {
  return new NexoraError("stale_ref", `${named} is gone`, {
    hint: "`nexora chrome snapshot` shows what is there now, with its refs",
  });
}

/** Whether an error says that the element, or its document, is gone. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof Refusal &&
    (error.reason.startsWith(goneMark) || /context|node|frame|object/i.test(error.reason))
  );
}

/** The error for a target that nothing matches. */
export function none(page: PageLink, { written }: Target): NexoraError {
  return new NexoraError(
    "not_found",
    `nothing matches ${JSON.stringify(written)} in ${page.id} (${plainLine(page.url).slice(0, 200)})`,
    {
      hint: "`nexora chrome snapshot` shows what is there; `nexora chrome wait` waits for what is to come",
    },
  );
}
