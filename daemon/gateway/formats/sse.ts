import { BadReply } from "./errors.ts";

/** One server-sent event: WHATWG HTML, section 9.2. */
export interface SseEvent {
  /** Null when the stream names none, which means `message`. */
  event: string | null;
  /** Its lines of data, joined by line feeds. */
  data: string;
  id?: string;
}

/** Characters of one event. Pictures come in one piece. */
const longestEvent = 32 * 1024 * 1024;

/**
 * Takes a stream of server-sent events apart (WHATWG HTML, section 9.2.6), however it is cut into
 * pieces. An event that nothing ends does not count. Comments and `retry` are dropped.
 */
export class SseParser {
  private readonly decoder = new TextDecoder();
  /** The line so far. */
  private line = "";
  private afterReturn = false;
  private length = 0;
  private name: string | null = null;
  private id: string | undefined;
  private data: string | null = null;

  /** The events that end in these bytes. Throws BadReply when one is longer than 32 Mi characters. */
  push(bytes: Uint8Array): SseEvent[] {
    const events: SseEvent[] = [];
    let text = this.decoder.decode(bytes, { stream: true });
    if (text.length === 0) return events;
    if (this.afterReturn && text.startsWith("\n")) text = text.slice(1);
    this.afterReturn = text.endsWith("\r");
    const lines = text.split(/\r\n|[\r\n]/);
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      this.hold(line);
      this.take(events);
    }
    this.hold(rest);
    return events;
  }

  private hold(piece: string): void {
    this.length += piece.length;
    if (this.length > longestEvent) throw new BadReply("an event of the stream has no end");
    this.line += piece;
  }

  private take(events: SseEvent[]): void {
    const line = this.line;
    this.line = "";
    if (line === "") {
      if (this.data !== null) {
        const id = this.id === undefined ? {} : { id: this.id };
        events.push({ event: this.name, data: this.data, ...id });
      }
      this.data = null;
      this.name = null;
      this.id = undefined;
      this.length = 0;
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") this.data = this.data === null ? value : `${this.data}\n${value}`;
    else if (field === "event") this.name = value;
    else if (field === "id") this.id = value;
  }
}

/** An event as it goes over the wire. */
export function encodeSse({ event, data, id }: SseEvent): string {
  const head = `${event === null ? "" : `event: ${event}\n`}${id === undefined ? "" : `id: ${id}\n`}`;
  return `${head}data: ${data.replaceAll("\n", "\ndata: ")}\n\n`;
}
