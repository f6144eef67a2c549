import { answerForms, type Query } from "./queries.ts";

/** How long an answer may take, in milliseconds: who asked later is not to lose one for it. */
const longestMs = 5_000;
/** Queries without an answer that are remembered. */
const maxOpen = 256;

const escapeByte = 0x1b;
const anyForm = new RegExp(
  Object.entries(answerForms)
    .map(([query, { source }]) => `(?<${query}>${source})`)
    .join("|"),
);
const allForms = new RegExp(anyForm, "g");

/** What a terminal has answered, for whoever asked. */
export interface Answer<Asker> {
  bytes: Uint8Array;
  asker: Asker;
}

/** Whether bytes from a terminal hold something that looks like an answer. */
function lookLikeAnswers(bytes: Uint8Array): boolean {
  return bytes.includes(escapeByte) && anyForm.test(latin1(bytes));
}

/**
 * What is left when a second terminal's answers are taken out; of their forms, the cursor's in the
 * first row is F3's with modifiers, and stays.
 */
export function withoutAnswers(bytes: Uint8Array): Uint8Array {
  if (!lookLikeAnswers(bytes)) return bytes;
  const left = latin1(bytes).replace(allForms, (text) => (/^\x1b\[1;\d+R$/.test(text) ? text : ""));
  return Buffer.from(left, "latin1");
}

/**
 * Tells the answers of a terminal from what is typed on it, by what programs have asked it: an
 * answer's form alone may be a key's, too.
 */
export class Answers<Asker> {
  private readonly open: { query: Query; asker: Asker; at: number }[] = [];

  /** To be called for each query, in order. */
  asked(query: Query, asker: Asker): void {
    this.open.push({ query, asker, at: performance.now() });
    if (this.open.length > maxOpen) this.open.shift();
  }

  /** Takes the answers out of what has come from the terminal. */
  split(bytes: Uint8Array): { typed: Uint8Array; answers: Answer<Asker>[] } {
    if (this.open.length === 0 || !bytes.includes(escapeByte)) return { typed: bytes, answers: [] };
    const answers: Answer<Asker>[] = [];
    const typed: Uint8Array[] = [];
    let at = 0;
    for (const { 0: text, index, groups } of latin1(bytes).matchAll(allForms)) {
      const asker = this.close(
        Object.entries(groups ?? {}).find(([, it]) => it !== undefined)?.[0],
      );
      if (!asker) continue;
      typed.push(bytes.subarray(at, index));
      at = index + text.length;
      answers.push({ bytes: bytes.subarray(index, at), asker: asker.asker });
    }
    typed.push(bytes.subarray(at));
    return { typed: Buffer.concat(typed), answers };
  }

  /** The first that asked for such an answer and has none yet. */
  private close(query: string | undefined): { asker: Asker } | undefined {
    const oldest = performance.now() - longestMs;
    while (this.open[0] && this.open[0].at < oldest) this.open.shift();
    const at = this.open.findIndex((it) => it.query === query);
    return at < 0 ? undefined : this.open.splice(at, 1)[0];
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
