/** What a terminal is given, piece by piece: text, or a new size as [rows, columns]. */
export interface Stream {
  name: string;
  rows: number;
  columns: number;
  steps: (string | [number, number])[];
}

/** A stream of everything that terminals do, always the same for a seed. */
export function randomStream(seed: number): Stream {
  const random = randomOf(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = (...choices: string[]) => choices[below(choices.length)] ?? "";
  let rows = 2 + below(9);
  let columns = 4 + below(29);
  const resizes = below(3) === 0;
  const stream: Stream = { name: `seed ${seed}`, rows, columns, steps: [] };

  const count = () => (below(4) === 0 ? "" : String(below(below(3) === 0 ? 40 : 8)));
  const row = () => String(below(rows + 3));
  const column = () => String(below(columns + 3));
  const rectangle = () => `${row()};${column()};${row()};${column()}`;
  const words = () => {
    const length = 1 + below(below(4) === 0 ? columns * 2 : 8);
    const characters = ["a", "b", "X", "1", " ", "~", "é", "漢", "字", "한", "v"];
    return Array.from({ length }, () => pick(...characters)).join("");
  };
  // Beyond the screen, xterm itself writes where it must not.
  const copy = () => {
    const [high, wide] = [1 + below(rows), 1 + below(columns)];
    const place = () => [1 + below(rows - high + 1), 1 + below(columns - wide + 1)] as const;
    const [[top, left], [y, x]] = [place(), place()];
    return `\x1b[?6l\x1b[${top};${left};${top + high - 1};${left + wide - 1};1;${y};${x};1$v`;
  };
  const kinds: [number, () => string][] = [
    [30, words],
    [10, () => pick("\r\n", "\n", "\r", "\b", "\t", "\r\n")],
    [12, () => `\x1b[${row()};${column()}H`],
    [8, () => `\x1b[${count()}${pick(..."ABCDEFGade`IZ")}`],
    [10, () => `\x1b[${count()}${pick(..."@PXLMST^")}`],
    [6, () => `\x1b[${pick("", "?")}${below(4)}${pick("J", "K")}`],
    [5, () => `\x1b[${count()}b`],
    [5, () => `\x1b[?69${pick("h", "h", "l")}`],
    [6, () => `\x1b[${column()};${column()}s`],
    [5, () => `\x1b[${row()};${row()}r`],
    [
      6,
      () =>
        `\x1b[${pick("?6h", "?6l", "?7h", "?7l", "4h", "4l", "20h", "20l", "?1045h", "?1045l")}`,
    ],
    [6, () => `\x1b${pick(..."DME6978H")}`],
    [4, () => `\x1b[${count()}${pick("'}", "'~", " @", " A")}`],
    [3, () => `\x1b[${pick("65", "42", "32", "233")};${rectangle()}$x`],
    [3, () => `\x1b[${rectangle()}$${pick("z", "{")}`],
    [3, copy],
    [2, () => `\x1b[${rectangle()};${pick("1", "7", "0")}$${pick("r", "t")}`],
    [4, () => `\x1b[${pick("0", "1;4", "7", "31", "42", "38;5;100", "48;2;1;2;3", "4:3", "27")}m`],
    [3, () => `\x1b[?${pick("1049", "47", "1047", "1048")}${pick("h", "l")}`],
    [2, () => `\x1b${pick("[0", "[1", "[2")}"q`],
    [2, () => `\x1b(${pick("0", "B", "B")}`],
    [
      1,
      () => pick("\x0e", "\x0f", "\x1b)0", "\x1b#8", "\x1b[!p", "\x1b[0g", "\x1b[3g", "\x1b[2*x"),
    ],
    [
      1,
      () =>
        pick("\x1b]0;t\x07", "\x1bP1;2q\x1b\\", "\x1b[<5A", "\x1b[1:2H", "\x1b[3\nB", "\u009b2A"),
    ],
  ];
  const all = kinds.reduce((sum, [weight]) => sum + weight, 0);
  const piece = () => {
    let at = below(all);
    for (const [weight, make] of kinds) {
      if (at < weight) return make();
      at -= weight;
    }
    return "";
  };
  for (let part = below(3); part >= 0; part--) {
    stream.steps.push(Array.from({ length: 3 + below(40) }, piece).join(""));
    if (!resizes || part === 0) continue;
    rows = 2 + below(12);
    columns = 4 + below(30);
    stream.steps.push([rows, columns]);
  }
  return stream;
}

/** Numbers from 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed * 7919;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
