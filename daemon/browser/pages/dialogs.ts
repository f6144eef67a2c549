import type { PageDialog } from "../../../src/contract/chrome-changes.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { PageWatch } from "./watch.ts";

export interface Answer {
  accept: boolean;
  /** What a prompt gives. */
  text?: string | undefined;
}

/**
 * Answers the dialog that blocks a page, and resolves with it once it is gone. Throws `not_found` when there is none,
 * `usage` for a text that it does not take.
 */
export async function answerDialog(
  watch: PageWatch,
  { accept, text }: Answer,
  signal: AbortSignal,
): Promise<PageDialog> {
  const { dialog, page } = watch;
  if (!dialog) {
    throw new NexoraError("not_found", `no dialog is open in tab ${page.id}`, {
      hint: "one of another program is a window: `nexora windows`",
    });
  }
  if (text !== undefined && (dialog.type !== "prompt" || !accept)) {
    throw new NexoraError(
      "usage",
      `a text is for a prompt that is accepted; this is: ${dialog.type}`,
    );
  }
  const promptText = text ?? dialog.defaultText;
  await page
    .send(
      "Page.handleJavaScriptDialog",
      { accept, ...(promptText === null ? {} : { promptText }) },
      { signal },
    )
    .catch((error: unknown) => {
      // A person was faster.
      if (watch.dialog === dialog) throw error;
    });
  await watch.until(() => watch.dialog !== dialog, signal);
  return dialog;
}
