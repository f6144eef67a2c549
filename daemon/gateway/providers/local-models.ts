import { z } from "zod";
import { deadline } from "../../../src/abort.ts";
import { isHere } from "./base-url.ts";
import type { Provider } from "./provider.ts";

/** How long a program on this machine may take to say what it has, in milliseconds. */
const answerMs = 1000;
/** Largest answer that is read, in bytes, and most models that are taken from it. */
const maxBytes = 1024 * 1024;
const maxModels = 1000;

/** What programs answer that speak as OpenAI does: `GET /v1/models`. */
const answer = z.object({ data: z.array(z.object({ id: z.string().min(1).max(200) })) });

/** Whether a provider can be asked what it has: it is here, wants no key, and nobody has listed it. */
export function canBeAsked({ auth, anyModel, baseUrl }: Provider): boolean {
  return auth === null && anyModel && isHere(new URL(baseUrl).hostname);
}

/** The ids of the models that such a provider has now; none when it does not run or answers with something else. */
export async function askForModels(provider: Provider, signal: AbortSignal): Promise<string[]> {
  try {
    const response = await fetch(`${provider.baseUrl}/models`, {
      signal: deadline(answerMs, signal),
      redirect: "error",
      headers: provider.headers,
    });
    if (!response.ok || !response.body) return [];
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size > maxBytes) return [];
      chunks.push(chunk);
    }
    const { data } = answer.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
    return data.slice(0, maxModels).map(({ id }) => id);
  } catch {
    // Whoever listens there, if anybody, is no such program.
    return [];
  }
}
