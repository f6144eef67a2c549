import type { Session } from "../../src/contract/session.ts";
import type { Nexora } from "./nexora.ts";

/** Fills a session's terminal with text, as a screen of a working person is. */
export async function fillScreen(nexora: Nexora, { id }: Session): Promise<void> {
  await nexora.call("POST", `/v1/sessions/${id}/type`, {
    text: "ls -la --color=always /usr/bin /etc\n",
    wait: { prompt: true },
  });
}
