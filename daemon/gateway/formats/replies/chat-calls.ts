import { isObject, type JsonObject, objectOf, textOf } from "../json.ts";
import { isObjectJson, type PartFeed } from "./parts.ts";

interface Call {
  id: string;
  name: string;
  /** All arguments so far. */
  text: string;
  /** Arguments that are not in the reply yet. */
  waiting: string;
  extra: JsonObject | null;
  /** Length of the arguments when they were last looked at, and not whole. */
  looked: number;
  state: "new" | "open" | "closed";
}

const mostCalls = 1000;
/** Pieces of what comes behind a call that is not whole. */
const mostHeld = 100_000;
/** Characters of all arguments. */
const longestCalls = 32 * 1024 * 1024;

/**
 * Puts the tool calls of a Chat stream together. Their pieces have an index, and may take turns;
 * in the reply one call follows the other. So a call ends when its arguments are whole and another
 * one begins, and what comes too early waits. Nothing is lost: at the end all have been given out.
 */
export class CallAssembly {
  private readonly calls: Call[] = [];
  private readonly byIndex = new Map<number, Call>();
  private readonly held: (() => void)[] = [];
  /** How many calls are closed: the first ones. */
  private closed = 0;
  private length = 0;

  constructor(private readonly feed: PartFeed) {}

  get count(): number {
    return this.calls.length;
  }

  /** Pieces of calls as they come in a chunk, or whole calls. */
  take(pieces: readonly JsonObject[]): void {
    for (const [position, piece] of pieces.entries()) {
      const { name, arguments: given } = objectOf(piece.function);
      const call = this.find(piece, position);
      call.name ||= textOf(name);
      const text = isObject(given) ? JSON.stringify(given) : textOf(given);
      call.text += text;
      call.waiting += text;
      this.length += text.length;
      if (isObject(piece.extra_content)) call.extra = piece.extra_content;
    }
    if (this.length > longestCalls || this.calls.length > mostCalls) {
      this.feed.fail({ status: 502, message: "the provider's tool calls have no end" });
    } else if (pieces.length > 0) {
      this.advance(false);
    }
  }

  /** Does what adds another part to the reply, as soon as the calls before it are whole. */
  before(add: () => void): void {
    this.held.push(add);
    if (this.held.length > mostHeld) {
      this.held.length = 0;
      this.feed.fail({ status: 502, message: "the provider's tool call has no end" });
    }
    const last = this.calls.at(-1);
    if (!last || last.state === "closed" || this.settle(last)) this.release();
  }

  /** No more pieces come. */
  end(): void {
    this.advance(true);
    this.release();
  }

  private release(): void {
    for (const add of this.held.splice(0)) add();
  }

  /** Some providers give all calls the same index, each with an id of its own; some give none. */
  private find({ index, id, function: piece }: JsonObject, position: number): Call {
    const given = textOf(id);
    const at = typeof index === "number" ? index : null;
    const known = at === null ? this.calls.at(-1) : this.byIndex.get(at);
    const named = textOf(objectOf(piece).name) !== "";
    const isOther = given !== "" && known?.id !== "" && known?.id !== given;
    const isNew = at !== null ? named && isOther : given === "" ? named || position > 0 : isOther;
    if (known && !isNew) {
      known.id ||= given;
      return known;
    }
    const call: Call = {
      id: given,
      name: "",
      text: "",
      waiting: "",
      extra: null,
      looked: 0,
      state: "new",
    };
    this.calls.push(call);
    if (at !== null) this.byIndex.set(at, call);
    return call;
  }

  /** Gives out what can be, in the order of the calls. */
  private advance(all: boolean): void {
    for (const call of this.calls.slice(this.closed)) {
      if (call.state === "new" && !this.open(call, all)) return;
      this.feed.grow(call.waiting);
      call.waiting = "";
      const isLast = call === this.calls.at(-1);
      if (all) this.close(call);
      else if (isLast || !this.settle(call)) return;
    }
  }

  private open(call: Call, all: boolean): boolean {
    if (call.name === "") {
      const message = "the provider sent a tool call without a name";
      if (all) this.feed.fail({ status: 502, message });
      return false;
    }
    call.id ||= `call_${crypto.randomUUID().replaceAll("-", "")}`;
    this.seal(call);
    this.feed.open({ kind: "call", text: "", id: call.id, name: call.name });
    call.state = "open";
    return true;
  }

  /** Closes a call whose arguments are whole. */
  private settle(call: Call): boolean {
    if (call.state !== "open" || !call.text.trimEnd().endsWith("}")) return false;
    // Not for each piece of what comes behind them.
    if (call.looked === call.text.length) return false;
    call.looked = call.text.length;
    if (!isObjectJson(call.text)) return false;
    this.close(call);
    return true;
  }

  private close(call: Call): void {
    call.state = "closed";
    this.closed++;
    this.feed.close();
    this.seal(call);
  }

  private seal(call: Call): void {
    if (!call.extra) return;
    this.feed.open({
      kind: "sealed",
      text: "",
      origin: { call: call.id, extra: call.extra },
    });
    this.feed.close();
    call.extra = null;
  }
}
