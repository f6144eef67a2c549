import type { Width } from "../widths.ts";
import { Line } from "./line.ts";
import { Scrollback } from "./scrollback.ts";

/** What the emulator tells of besides the screen. */
export interface VtListener {
  title(title: string): void;
  titlePushed(): void;
  titlePopped(): void;
  /** The whole normal screen is about to be cleared. */
  clearing(): void;
  /** The alternate screen is shown. */
  alternate(): void;
  /** The data of an OSC 133. */
  mark(data: string): void;
}

/** How characters are drawn from now on. */
export interface Pen {
  /** Bits of `attribute`. */
  attributes: number;
  foreground: number;
  background: number;
}

export type CharacterSet = "ascii" | "graphics" | "british" | "other";

export interface SavedCursor {
  row: number;
  column: number;
  pen: Pen;
  origin: boolean;
  pendingWrap: boolean;
  sets: CharacterSet[];
  left: number;
  right: number;
}

export type MouseMode = 0 | 9 | 1000 | 1001 | 1002 | 1003;

/** Modes that a terminal starts with, and that RIS restores. */
export function initialModes() {
  return {
    insert: false,
    newLine: false,
    origin: false,
    wraparound: true,
    reverseWrap: false,
    /** Reverse wraparound without an end (1045). */
    reverseWrapFully: false,
    leftRight: false,
    reverseVideo: false,
    columns132: false,
    /** DECCOLM does not clear (95). */
    keepOnColumns: false,
    national: false,
    smoothScroll: false,
  };
}

/** Modes that say what a terminal sends, and how it looks. */
export function initialInputModes() {
  return {
    cursorVisible: true,
    applicationCursor: false,
    applicationKeypad: false,
    bracketedPaste: false,
    /** How many keys come as their code and modifiers: 0 for none (XTMODKEYS, modifyOtherKeys). */
    otherKeys: 0,
    sendFocus: false,
    mouse: 0 as MouseMode,
    /** How mouse events are encoded: 1005, 1006, 1015, 1016. */
    mouseEncoding: 0,
    /** DECSCUSR. */
    cursorShape: 0,
  };
}

/** The state of a terminal like xterm. Rows and columns count from 0; margins are inclusive. */
export class Vt {
  lines: Line[];
  normal: Line[];
  alternate: Line[] | null = null;
  readonly scrollback: Scrollback;

  row = 0;
  column = 0;
  /** The next character goes to the next line. */
  pendingWrap = false;
  /** A character has been written since the cursor was moved: combining ones go there. */
  hasWritten = false;
  lastRow = 0;
  lastColumnWritten = 0;
  /** What REP repeats: the character just before; -1 for none. */
  lastCharacter = -1;

  top = 0;
  bottom: number;
  left = 0;
  right: number;

  modes = initialModes();
  input = initialInputModes();
  pen: Pen = { attributes: 0, foreground: 0, background: 0 };
  penStack: { pen: Pen; mask: number; named: number[] }[] = [];
  /** xterm restores 1010 as off when it was never saved. */
  savedModes = new Map<number, boolean | number>([[1010, false]]);
  /** Who looks at `attribute.protected` when it erases: DEC's own sequences, or all. */
  protection: "off" | "iso" | "dec" = "off";
  tabs: Uint8Array;
  saved: [SavedCursor | null, SavedCursor | null] = [null, null];

  sets: CharacterSet[] = ["ascii", "ascii", "ascii", "ascii"];
  /** Index into `sets` of what is in use: locking, and for the next character only. */
  shift = 0;
  rightShift = 2;
  singleShift = 0;

  /** DECCOLM is allowed (40). */
  allow132 = false;
  /** The alternate screen is switched off (1046). */
  noAlternate = false;
  /** tab wraps (41). */
  moreFix = false;
  /** Output takes what is scrolled back to the end (1010). */
  outputScrolls = true;
  /** DECSACE: DECCARA and DECRARA mean a rectangle. */
  exactRectangles = false;
  /** Level of the VT that is shown (DECSCL), 4 as xterm begins. */
  level = 4;
  ansiLevel = 3;

  /** Why a screen's text may be wrong, until it is cleared: normal and alternate screen. */
  private doubts: [string | null, string | null] = [null, null];
  /** The same as long as a mode is on that is not followed. */
  lastingDoubt: string | null = null;

  constructor(
    public columns: number,
    public rows: number,
    scrollbackLines: number,
    readonly listener: VtListener,
    readonly width: Width,
  ) {
    this.normal = Array.from({ length: rows }, () => new Line(columns));
    this.lines = this.normal;
    this.scrollback = new Scrollback(scrollbackLines);
    this.bottom = rows - 1;
    this.right = columns - 1;
    this.tabs = initialTabs();
  }

  /** Why the text may be wrong, when a program has used what is not followed. */
  get doubt(): string | null {
    return this.lastingDoubt ?? this.doubts[this.isAlternate ? 1 : 0];
  }

  /** What is on the screen may be wrong; null: it is known again. */
  set doubt(reason: string | null) {
    this.doubts[this.isAlternate ? 1 : 0] = reason;
  }

  get isAlternate(): boolean {
    return this.lines !== this.normal;
  }

  /** The margins as they hold now. */
  get leftMargin(): number {
    return this.modes.leftRight ? this.left : 0;
  }

  get rightMargin(): number {
    return this.modes.leftRight ? this.right : this.columns - 1;
  }

  get hasFullWidth(): boolean {
    return this.leftMargin === 0 && this.rightMargin === this.columns - 1;
  }

  isInColumns(column: number): boolean {
    return column >= this.left && column <= this.right;
  }

  isInRows(row: number): boolean {
    return row >= this.top && row <= this.bottom;
  }

  line(row: number): Line {
    const line = this.lines[row];
    if (!line) throw new RangeError(`the terminal has no row ${row}`);
    return line;
  }

  /** The last column that a line has room for. */
  lastColumn(line: Line): number {
    return line.double !== 0 ? (this.columns - 1) >> 1 : this.columns - 1;
  }

  resetWrap(): void {
    this.pendingWrap = false;
    this.hasWritten = false;
  }
}

const maxTabs = 1024;

export function initialTabs(): Uint8Array {
  const tabs = new Uint8Array(maxTabs);
  for (let column = 0; column < maxTabs; column += 8) tabs[column] = 1;
  return tabs;
}
