import { BadReply } from "../errors.ts";
import type { Usage } from "../format.ts";
import type { Origin } from "../mark.ts";

/** A reply of a model, between the format that it came in and the one that it leaves in. */
export type Part =
  | { kind: "text" | "refusal"; text: string }
  /** The origin is whole when the part is closed. */
  | { kind: "reasoning"; text: string; origin: Origin }
  /** Reasoning without a text that could be read. */
  | { kind: "sealed"; text: ""; origin: Origin }
  /** `text`: the arguments, JSON of an object. */
  | { kind: "call"; text: string; id: string; name: string };

export interface Head {
  id: string;
  model: string;
}

export interface Outcome {
  finish: "stop" | "sequence" | "length" | "calls" | "filter";
  /** Which sequence it stopped at. */
  sequence: string | null;
  usage: Usage | null;
}

export interface Failure {
  /** Of HTTP, as it would be without a stream. */
  status: number;
  message: string;
  code?: string;
}

/** Takes a reply part by part. One part is open at a time; the last is `finish` or `fail`. */
export interface ReplySink {
  begin(head: Head): void;
  open(part: Part): void;
  /** `part.text` has the piece already. */
  grow(part: Part, piece: string): void;
  close(part: Part): void;
  finish(outcome: Outcome): void;
  fail(failure: Failure): void;
}

/** Characters of one reply that are kept. */
const longestReply = 32 * 1024 * 1024;

/** Keeps the order that a sink is promised, whatever a provider sends. */
export class PartFeed {
  private begun = false;
  private length = 0;
  /** A call whose arguments were not valid when it was closed. */
  private broken: string | null = null;
  /** The part that is open. */
  current: Part | null = null;
  over = false;

  constructor(private readonly sink: ReplySink) {}

  begin(head: Head): void {
    if (this.begun) return;
    this.begun = true;
    this.sink.begin(head);
  }

  open(part: Part): void {
    if (this.over) return;
    this.close();
    this.current = part;
    this.sink.open(part);
  }

  grow(piece: string): void {
    const part = this.current;
    if (!part || part.kind === "sealed" || piece === "" || this.over) return;
    this.length += piece.length;
    if (this.length > longestReply) {
      this.fail({ status: 502, message: "the reply has no end" });
    } else {
      part.text += piece;
      this.sink.grow(part, piece);
    }
  }

  /** Text into the open part of this kind, or into a new one. */
  write(kind: "text" | "refusal", piece: string): void {
    if (piece === "") return;
    if (this.current?.kind !== kind) this.open({ kind, text: "" });
    this.grow(piece);
  }

  close(): void {
    const part = this.current;
    if (!part || this.over) return;
    if (part.kind === "call") {
      if (part.text.trim() === "") this.grow("{}");
      if (!isObjectJson(part.text)) this.broken = part.name;
    }
    this.current = null;
    this.sink.close(part);
  }

  finish(outcome: Outcome): void {
    if (this.over) return;
    this.close();
    // Cut off by the limit of tokens, arguments may be half.
    if (this.broken !== null && outcome.finish !== "length") {
      const message = `the model called ${this.broken} with arguments that are not a JSON object`;
      this.fail({ status: 502, message });
      return;
    }
    this.over = true;
    this.sink.finish(outcome);
  }

  fail(failure: Failure): void {
    if (this.over) return;
    this.over = true;
    this.sink.fail(failure);
  }
}

/** Whether a text is the whole JSON of an object. */
export function isObjectJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** A whole reply. */
export interface WholeReply {
  head: Head;
  parts: Part[];
  outcome: Outcome;
}

/** Collects what `read` feeds. Throws BadReply when it fails, or does not finish. */
export function collect(read: (feed: PartFeed) => void): WholeReply {
  const parts: Part[] = [];
  let head: Head = { id: "", model: "" };
  const end: { outcome?: Outcome; failure?: Failure } = {};
  read(
    new PartFeed({
      begin: (given) => {
        head = given;
      },
      open: (part) => void parts.push(part),
      grow() {},
      close() {},
      finish: (outcome) => {
        end.outcome = outcome;
      },
      fail: (failure) => {
        end.failure = failure;
      },
    }),
  );
  if (!end.outcome) throw new BadReply(end.failure?.message ?? "the reply has no end");
  return { head, parts, outcome: end.outcome };
}
