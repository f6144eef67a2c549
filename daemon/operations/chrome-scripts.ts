import type {
  chromeScriptOperations,
  RunItem,
  ScriptPicture,
} from "../../src/contract/chrome-scripts.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Browsers } from "../browser/browsers.ts";
import type { Endpoints } from "../browser/endpoints.ts";
import type { Scripts, ScriptTask } from "../browser/scripts.ts";
import { callerOf } from "../principals/principal.ts";
import { type CallOf, restartedOf } from "./chrome-call.ts";
import type { HandlersOf } from "./handler.ts";

/** Characters of each output that a JSON reply carries; a stream has no limit. */
const maxCollected = 8 * 1024 * 1024;

export interface ChromeScriptParts {
  browsers: Pick<Browsers, "of">;
  endpoints: Endpoints;
  scripts: Scripts;
  /** Where the daemon listens, as `http://127.0.0.1:9301`. */
  url: () => string;
}

export function chromeScriptHandlers(
  parts: ChromeScriptParts,
): HandlersOf<typeof chromeScriptOperations> {
  const { browsers, endpoints, scripts, url } = parts;
  const run = (input: ScriptTask, { session, signal, principal }: CallOf) =>
    scripts.run(session, input, callerOf(principal), signal);
  return {
    "chrome.endpoint": {
      async reply({ forMs }, call) {
        const { session, signal, principal } = call;
        // What it opens is there when it is used.
        const browser = await browsers.of(session, signal);
        const { secret, expiresAt } = endpoints.grant(session.row.id, forMs, principal.validity);
        const httpUrl = `${url()}/devtools/${secret}`;
        const socketUrl = httpUrl.replace(/^http/, "ws");
        const restarted = restartedOf(browser, call);
        return { url: socketUrl, httpUrl, expiresAt: expiresAt.toISOString(), restarted };
      },
    },
    "chrome.run": {
      async reply(input, call) {
        return collected(await run(input, call));
      },
      stream: run,
    },
  };
}

async function collected(items: AsyncIterable<RunItem>) {
  const texts = { stdout: "", stderr: "" };
  const pictures: ScriptPicture[] = [];
  let truncated = false;
  for await (const item of items) {
    if (item.type === "result") {
      const { type: _, ...ending } = item;
      return { ...ending, ...texts, truncated, pictures };
    }
    if (item.type === "picture") {
      const { type: _, ...picture } = item;
      pictures.push(picture);
    } else {
      const room = maxCollected - texts[item.type].length;
      truncated ||= item.text.length > room;
      texts[item.type] += item.text.slice(0, room);
    }
  }
  throw new NexoraError("engine_failed", "the script's end is not known", {
    hint: "see `nexora session show`: the workstation may have stopped",
  });
}
