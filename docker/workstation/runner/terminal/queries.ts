/** What a program can ask a terminal, and what the answer looks like (XTerm Control Sequences). */
export const answerForms = {
  status: /\x1b\[0n/,
  cursor: /\x1b\[\d+;\d+R/,
  /** DECXCPR and the other reports of a private DSR. */
  privateStatus: /\x1b\[\?[\d;]*[Rn]/,
  primaryAttributes: /\x1b\[\?[\d;]*c/,
  secondaryAttributes: /\x1b\[>[\d;]*c/,
  tertiaryAttributes: /\x1bP!\|[\da-fA-F]*\x1b\\/,
  version: /\x1bP>\|[^\x1b\x07]*\x1b\\/,
  mode: /\x1b\[\??\d+;\d+\$y/,
  setting: /\x1bP[01]\$r[^\x1b\x07]*\x1b\\/,
  /** DECCIR and DECTABSR. */
  presentation: /\x1bP[12]\$u[^\x1b\x07]*\x1b\\/,
  capability: /\x1bP[01]\+r[^\x1b\x07]*\x1b\\/,
  checksum: /\x1bP\d+!~[\da-fA-F]*\x1b\\/,
  parameters: /\x1b\[[23];[\d;]*x/,
  modifierKeys: /\x1b\[>[\d;]*m/,
  keyboardFlags: /\x1b\[\?\d+u/,
  graphics: /\x1b\[\?[\d;]*S/,
  window: /\x1b\[\d+(;\d+)*t/,
  title: /\x1b\][lL][^\x1b\x07]*\x1b\\/,
  colour: /\x1b\]\d+;[^\x1b\x07]*(\x07|\x1b\\)/,
} as const;
export type Query = keyof typeof answerForms;

/** The queries themselves; those of a colour may be several in one. */
const queryForms: Record<Query, RegExp> = {
  status: /\x1b\[5n/,
  cursor: /\x1b\[6n/,
  privateStatus: /\x1b\[\?[\d;]*n/,
  primaryAttributes: /\x1b\[0?c/,
  secondaryAttributes: /\x1b\[>0?c/,
  tertiaryAttributes: /\x1b\[=0?c/,
  version: /\x1b\[>0?q/,
  mode: /\x1b\[\??\d*\$p/,
  setting: /\x1bP\$q[^\x1b\x07]*\x1b\\/,
  presentation: /\x1b\[[12]\$w/,
  capability: /\x1bP\+q[^\x1b\x07]*\x1b\\/,
  checksum: /\x1b\[[\d;]*\*y/,
  parameters: /\x1b\[[01]?x/,
  modifierKeys: /\x1b\[\?\d*m/,
  keyboardFlags: /\x1b\[\?u/,
  graphics: /\x1b\[\?[\d;]*S/,
  window: /\x1b\[1[1-9](;\d+)*t/,
  title: /\x1b\[2[01]t/,
  colour: /\x1b\]\d+;[^\x1b\x07]*\?[^\x1b\x07]*(\x07|\x1b\\)/,
};
const allForms = new RegExp(
  Object.entries(queryForms)
    .map(([query, { source }]) => `(?<${query}>${source})`)
    .join("|"),
  "g",
);
/** The beginning of a sequence whose rest is still to come. */
const broken = /\x1b(\[[0-?]*[ -/]*|[P\]][^\x1b\x07]{0,500}\x1b?)?$/;

/** Finds queries in what programs write, however it is cut into pieces. */
export class QueryFinder {
  private broken = "";

  /** The queries that end in the next piece, each with the index behind it. */
  in(bytes: Uint8Array): { query: Query; end: number }[] {
    if (this.broken === "" && !bytes.includes(0x1b)) return [];
    const text = this.broken + Buffer.from(bytes).toString("latin1");
    const before = this.broken.length;
    this.broken = broken.exec(text.slice(-600))?.[0] ?? "";
    return [...text.matchAll(allForms)].flatMap(({ 0: found, index, groups }) => {
      const end = index + found.length - before;
      const query = queries.find((it) => groups?.[it] !== undefined);
      const count = query === "colour" ? found.split("?").length - 1 : 1;
      return query ? Array.from({ length: count }, () => ({ query, end })) : [];
    });
  }
}

const queries = Object.keys(queryForms) as Query[];
