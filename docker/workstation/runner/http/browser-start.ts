import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerBrowserStart } from "../../../../src/runner/browser.ts";

const maxUrl = 64 * 1024;

/** Reads the body of `POST /runner/browser/start`. Throws `usage`. */
export async function parseStart(request: Request): Promise<RunnerBrowserStart> {
  const body = (await request.json().catch(() => null)) as Record<string, unknown> | null;
  if (typeof body !== "object" || body === null) {
    throw new NexoraError("usage", "the start must be a JSON object");
  }
  const { url, restore } = body;
  // What begins with a dash would be a flag of the browser's.
  if (
    url !== undefined &&
    (typeof url !== "string" || url.startsWith("-") || url.length > maxUrl)
  ) {
    throw new NexoraError("usage", "`url` must be an address");
  }
  if (restore !== undefined && typeof restore !== "number") {
    throw new NexoraError("usage", "`restore` must be the id of a process");
  }
  return { url, restore };
}
