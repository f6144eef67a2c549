import { control } from "./csi.ts";
import { carriageReturn, index, moveLeft, tabForward } from "./cursor.ts";
import { designate, escapeSequence, lineAttribute } from "./escape.ts";
import { space } from "./line.ts";
import { operatingSystemCommand } from "./osc.ts";
import { Parameters } from "./parameters.ts";
import { print } from "./print.ts";
import type { Vt } from "./vt.ts";

type State =
  | "ground"
  | "escape"
  /** The character after `ESC SP`, `ESC #`, `ESC %` and the like. */
  | "escapeIntermediate"
  | "designation"
  | "parameters"
  | "intermediate"
  /** To the end of a control sequence, or an escape sequence, that is not known. */
  | "ignoreControl"
  | "ignoreEscape"
  | "string";

/** Longest string (OSC, DCS) that is kept, in bytes, as in xterm. */
const maxString = 256 * 1024;

const CAN = 0x18;
const SUB = 0x1a;
const ESC = 0x1b;
const OSC = 0x5d;
const hash = 0x23;
const BEL = 0x07;
/** What is shown for SUB. */
const substitute = 0x2426;
/** The G0 to G3 of `( ) * +` with 94 characters, and of `- . /` with 96. */
const slots: Record<string, number> = { "(": 0, ")": 1, "*": 2, "+": 3, "-": 1, ".": 2, "/": 3 };

/** Control characters that work anywhere, also within a sequence. */
const controls: Record<number, (vt: Vt) => void> = {
  8: (vt) => moveLeft(vt, 1),
  9: tabForward,
  10: lineFeed,
  11: lineFeed,
  12: lineFeed,
  13: carriageReturn,
  14: (vt) => {
    vt.shift = 1;
  },
  15: (vt) => {
    vt.shift = 0;
  },
};

function lineFeed(vt: Vt): void {
  index(vt);
  if (vt.modes.newLine) carriageReturn(vt);
}

/** Control characters and sequences, with the state tables of xterm. */
export class Sequences {
  private state: State = "ground";
  private readonly parameters = new Parameters();
  /** Prefix and intermediate of a control sequence, or what came after ESC. */
  private prefix = 0;
  private intermediate = 0;
  private slot = 0;
  private set = "";
  private string: number[] | null = null;
  private stringKind = 0;

  constructor(private readonly vt: Vt) {}

  /** No sequence is under way: what comes is text. */
  get isGround(): boolean {
    return this.state === "ground";
  }

  /** A string (OSC, DCS) is under way, which takes all bytes. */
  get isString(): boolean {
    return this.state === "string";
  }

  /** The next character that is no text. */
  step(code: number): void {
    if (this.state === "string") this.stringByte(code);
    else if (code > 0xff) this.toGround();
    else if (code < 0x80 || code >= 0xa0) this.sevenBits(code & 0x7f);
    else if (this.state === "ground") this.c1(code);
  }

  /** Outside of text, xterm takes Latin-1 for 7-bit characters. */
  private sevenBits(byte: number): void {
    if (byte < space) {
      // What has parts of parameters is given up.
      if (this.state === "parameters" && this.parameters.hasSubs) this.toGround();
      this.c0(byte);
    } else if (byte !== 0x7f) this.character(byte);
  }

  private c0(byte: number): void {
    if (byte === ESC) this.state = "escape";
    else if (byte === SUB) print(this.vt, [substitute], this.vt.sets[this.vt.shift] ?? "ascii");
    else controls[byte]?.(this.vt);
    if (byte === SUB || byte === CAN) this.toGround();
  }

  private c1(code: number): void {
    this.string = null;
    this.state = "escape";
    this.character(code - 0x40);
  }

  private toGround(): void {
    this.state = "ground";
    this.string = null;
  }

  private character(byte: number): void {
    const { state } = this;
    if (state === "escape") this.escape(byte);
    else if (state === "escapeIntermediate") this.escapeIntermediate(byte);
    else if (state === "designation") this.designation(byte);
    else if (state === "parameters") this.parameter(byte);
    else if (state === "intermediate") {
      if (byte < 0x40) this.ignoreUnlessHash(byte);
      else this.control(byte);
    } else if (byte >= (state === "ignoreControl" ? 0x40 : 0x30)) this.toGround();
  }

  private escapeIntermediate(byte: number): void {
    if (byte < 0x30) {
      this.state = "ignoreEscape";
      return;
    }
    this.toGround();
    const final = String.fromCharCode(byte);
    if (this.prefix === hash) lineAttribute(this.vt, byte);
    else if (this.prefix === space && "LMN".includes(final)) this.vt.ansiLevel = byte - 0x4b;
  }

  private escape(byte: number): void {
    const character = String.fromCharCode(byte);
    const { string } = this;
    this.string = null;
    const slot = slots[character];
    if (slot !== undefined) {
      this.slot = slot;
      this.set = slot > 0 && byte >= 0x2d ? "-" : "(";
      this.state = "designation";
    } else if (character === " " || character === "#" || character === "%") {
      this.prefix = byte;
      this.state = "escapeIntermediate";
    } else if (byte < 0x30) this.state = "ignoreEscape";
    else if (character === "[") {
      this.parameters.begin();
      this.prefix = 0;
      this.intermediate = 0;
      this.state = "parameters";
    } else if ("P]X^_".includes(character)) {
      this.state = "string";
      this.stringKind = byte;
      this.string = byte === OSC ? [] : null;
    } else {
      this.toGround();
      if (character === "\\") this.endString(string);
      else escapeSequence(this.vt, byte);
    }
  }

  private designation(byte: number): void {
    const character = String.fromCharCode(byte);
    if (byte >= 0x30) {
      this.toGround();
      designate(this.vt, this.slot, this.set + character);
    } else if (this.set.length === 1 && '"%&'.includes(character)) this.set += character;
    else this.state = "ignoreEscape";
  }

  private parameter(byte: number): void {
    const { parameters } = this;
    const isFirst = parameters.isEmpty && this.prefix === 0 && parameters.length === 1;
    if (byte >= 0x40) this.control(byte);
    else if (byte >= 0x30 && byte <= 0x39) parameters.digit(byte - 0x30);
    else if (byte === 0x3a) parameters.colon();
    else if (byte === 0x3b) parameters.semicolon();
    else if (byte >= 0x3c) {
      if (isFirst && byte !== 0x3c) this.prefix = byte;
      else this.state = "ignoreControl";
    } else if (parameters.hasSubs || !this.takesIntermediate(byte, isFirst)) {
      this.state = "ignoreControl";
    } else {
      this.intermediate = byte;
      this.state = "intermediate";
    }
  }

  private takesIntermediate(byte: number, isFirst: boolean): boolean {
    const character = String.fromCharCode(byte);
    if (this.prefix !== 0) return this.prefix === 0x3f && character === "$";
    return " !\"#$&'".includes(character) || (!isFirst && "*,".includes(character));
  }

  /** Only `CSI # …` has parameters behind its intermediate. */
  private ignoreUnlessHash(byte: number): void {
    if (this.intermediate !== hash || byte < 0x30 || byte > 0x3b) this.state = "ignoreControl";
    else if (byte === 0x3b) this.parameters.semicolon();
    else if (byte < 0x3a) this.parameters.digit(byte - 0x30);
  }

  private control(final: number): void {
    this.toGround();
    const { prefix, intermediate, parameters } = this;
    const isRendition = prefix === 0 && intermediate === 0 && final === 0x6d;
    if (parameters.hasSubs && !isRendition) parameters.clear();
    // None of those with both does anything to the screen.
    if (prefix !== 0 && intermediate !== 0) return;
    control(this.vt, prefix | intermediate, final, parameters);
  }

  private stringByte(byte: number): void {
    if (byte === BEL && this.stringKind === OSC) {
      const { string } = this;
      this.toGround();
      this.endString(string);
    } else if (byte === CAN || byte === SUB || byte === ESC) this.c0(byte);
    else if (this.string && this.string.push(byte) > maxString) this.string = null;
  }

  private endString(string: number[] | null): void {
    if (string) operatingSystemCommand(this.vt, Buffer.from(string).toString());
  }
}
