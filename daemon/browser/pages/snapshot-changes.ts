/** Lines of a change that are shown. */
const maxLines = 400;
/** Most comparisons of lines: beyond, all between what is the same at both ends has changed. */
const maxCells = 4_000_000;

/**
 * What has changed between two outlines of a page: new lines after `+ `, those that are gone after `- `, and
 * after two spaces the lines that they are inside of. Empty when nothing has.
 */
export function changedPart(before: string, after: string): string {
  const marked = compare(before.split("\n"), after.split("\n"));
  const shown: string[] = [];
  const path: { line: string; depth: number; said: boolean }[] = [];
  for (const { mark, line } of marked) {
    const depth = depthOf(line);
    while ((path.at(-1)?.depth ?? -1) >= depth) path.pop();
    if (mark !== " ") {
      for (const parent of path) {
        if (!parent.said) shown.push(`  ${parent.line}`);
        parent.said = true;
      }
      shown.push(`${mark} ${line}`);
    }
    // What is gone has nothing inside that is still there.
    if (mark !== "-") path.push({ line, depth, said: mark !== " " });
  }
  if (shown.length <= maxLines) return shown.join("\n");
  const more = shown.length - maxLines;
  return [...shown.slice(0, maxLines), `… ${more} more lines`].join("\n");
}

interface Marked {
  mark: " " | "+" | "-";
  line: string;
}

/** The longest common subsequence, within what differs between the ends. */
function compare(before: readonly string[], after: readonly string[]): Marked[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (lines: readonly string[]) => lines.map((line): Marked => ({ mark: " ", line }));
  return [
    ...same(after.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(after.slice(after.length - tail)),
  ];
}

function middle(before: readonly string[], after: readonly string[]): Marked[] {
  const width = after.length + 1;
  const [gone, come]: [Marked[], Marked[]] = [
    before.map((line) => ({ mark: "-", line })),
    after.map((line) => ({ mark: "+", line })),
  ];
  if (before.length * width > maxCells) return [...gone, ...come];
  // lengths[i][j]: of the longest common subsequence of before from i on and after from j on.
  const lengths = new Uint16Array((before.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const marked: Marked[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old !== undefined && old === now) {
      marked.push({ mark: " ", line: old });
      i++;
      j++;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      marked.push({ mark: "-", line: old });
      i++;
    } else {
      marked.push({ mark: "+", line: now ?? "" });
      j++;
    }
  }
  return marked;
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length;
}
