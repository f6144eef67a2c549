import type { RunnerCommand, RunnerPrinted } from "../../../../src/runner/terminal.ts";
import { isKept, type Place } from "./places.ts";

/** Longest command that is passed on, in characters. */
const maxLine = 1000;
/** Rows of a command's text that are looked at. */
const maxRows = 100;

/** Most lines of a command's output: as many as are kept on and above a large screen. */
const maxOutput = 4000;

/** The screen on which the marks come. */
export interface MarkedScreen {
  place(): Place | null;
  placeAbove(): Place | null;
  isOnScreen(place: Place): boolean;
  textBetween(from: Place | null, to: Place | null, most: number): string[];
}

/** Where a command's output lies. */
interface Output {
  /** Null: it begins with the first row that is kept. */
  start: Place | null;
  /** Null: it goes on. */
  end: Place | null;
  missing: RunnerPrinted["missing"];
}

/**
 * Follows the commands of the shell by its OSC 133 marks. A command's line is what stands between
 * the prompt's end (B) and the command's start (C), on the screen, unless the shell sends it with C
 * as kitty and fish do: `C;cmdline_url=…`, percent-encoded.
 */
export class CommandTracker {
  /** The command that runs, or else ran last; null before the first. */
  last: RunnerCommand | null = null;
  private output: Output | null = null;
  /** What of a command over several lines stands on the screen. */
  private typed: string[] = [];
  private promptEnd: Place | null = null;

  constructor(private readonly screen: MarkedScreen) {}

  /** The data of an OSC 133, when the screen shows all that came before it. */
  mark(data: string): void {
    const [kind, ...options] = data.split(";");
    if (kind === "A") this.promptBegins(options);
    else if (kind === "B") this.promptEnd = this.screen.place();
    else if (kind === "C") this.begin(options);
    else if (kind === "D") this.end(options[0]);
  }

  private promptBegins(options: string[]): void {
    if (options.includes("k=r")) return;
    if (options.some((option) => /^k=[sc]$/.test(option))) {
      if (this.promptEnd && this.typed.length < maxRows) this.typed.push(this.typedLine());
    } else {
      this.typed = [];
      this.end(undefined);
    }
  }

  private begin(options: string[]): void {
    const sent = options.find((option) => option.startsWith("cmdline_url="))?.slice(12);
    const line = sent === undefined ? this.shownLine() : decoded(sent);
    // Two integrations in one shell mark each command twice.
    if (this.last?.running) return;
    const start = this.screen.place();
    this.output = start && { start, end: null, missing: null };
    const ordinal = (this.last?.ordinal ?? 0) + 1;
    this.last = { ordinal, line: line && clean(line), running: true, exitStatus: null };
    this.promptEnd = null;
    this.typed = [];
  }

  /** A prompt without D before it: of a shell that the command has started, or that sends none. */
  private end(status: string | undefined): void {
    if (!this.last?.running) return;
    const exitStatus = status !== undefined && /^\d{1,10}$/.test(status) ? Number(status) : null;
    this.last = { ...this.last, running: false, exitStatus };
    const end = this.screen.place();
    this.output = this.output && end && { ...this.output, end };
  }

  /** To be called before the screen is cleared. Above it the rows are kept. */
  clearing(): void {
    const { output, screen } = this;
    if (!output) return;
    const { start, end } = output;
    const gone = (place: Place | null) => place !== null && screen.isOnScreen(place);
    if (gone(start) || gone(end) || end === null) output.missing = "cleared";
    if (gone(end)) {
      // Nothing is left of what began on the screen.
      output.end = gone(start) ? end : (screen.placeAbove() ?? end);
    } else if (gone(start)) output.start = screen.placeAbove();
  }

  /** To be called when a program takes the whole screen for itself. */
  fillsScreen(): void {
    if (this.output && this.last?.running) this.output.missing = "full-screen";
  }

  /** What the last command has printed, as far as it is kept; null when that is not known. */
  printed(): RunnerPrinted | null {
    if (!this.output) return null;
    const { start, end, missing } = this.output;
    const gone = (place: Place | null) => place !== null && !isKept(place);
    const lost = gone(end) ? "cleared" : gone(start) ? "scrolled" : null;
    return { lines: this.screen.textBetween(start, end, maxOutput), missing: missing ?? lost };
  }

  /** All that was typed; null when it is not on the screen any more. */
  private shownLine(): string | null {
    if (!this.promptEnd || !isKept(this.promptEnd)) return null;
    return [...this.typed, this.typedLine()].join("\n");
  }

  private typedLine(): string {
    return this.screen.textBetween(this.promptEnd, null, maxRows).join("\n");
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function clean(line: string): string {
  return line.replace(/[^\P{Cc}\n]/gu, "").slice(0, maxLine);
}
