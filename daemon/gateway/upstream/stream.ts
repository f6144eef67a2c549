import type { Format, StreamTranslation, Usage, WireError } from "../formats/format.ts";
import { parseObject } from "../formats/json.ts";
import { encodeSse, type SseEvent, SseParser } from "../formats/sse.ts";
import { Blocks } from "./blocks.ts";
import { Failure } from "./failure.ts";
import { bytesWithoutKey, withoutKey } from "./secrets.ts";
import { broken } from "./send.ts";
import type { Watch } from "./watch.ts";

/** Longest event, in bytes; an image that was made is one. */
const maxEvent = 32 * 1024 * 1024;
/** Most that is held back for want of output, in bytes. */
const maxHeld = 1024 * 1024;
/** How long it may send other things than output, in milliseconds. */
const longestStartMs = 900_000;
/** How long a provider that has sent all of its reply may take to close the stream, in milliseconds. */
const lastMs = 2000;

export interface StreamParts {
  client: Format;
  /** The format that the provider speaks. */
  wire: Format;
  /** Null: it is the client's. */
  translation: StreamTranslation | null;
  /** Whether an event is for us alone. */
  hides: (event: SseEvent) => boolean;
  /** What the client gets in place of an event; null: the event as it is. */
  event: (event: SseEvent) => SseEvent | null;
  key: string | null;
  /** How long it may be silent, in milliseconds. */
  silenceMs: number;
  watch: Watch;
}

/**
 * A provider's event stream on its way to the client: passed on as it is, event by event, or
 * translated. What comes before the first real output is held, so that another provider can be asked;
 * what breaks afterwards ends in an error of the client's protocol.
 */
export class UpstreamStream {
  /** What stopped it after its first output; null: nothing did. */
  broke: Failure | null = null;
  /** Events since the first output. */
  events = 0;
  private readonly reader: { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }> };
  private readonly blocks = new Blocks(maxEvent, () => new RangeError("an event of it has no end"));
  private readonly parser = new SseParser();
  private readonly tap;
  private ready: Uint8Array[] = [];
  private held = 0;
  private closed = false;

  constructor(
    body: ReadableStream<Uint8Array>,
    private readonly parts: StreamParts,
  ) {
    this.reader = body.getReader();
    this.tap = parts.wire.tap();
  }

  /** What is known of the usage by now. */
  get usage(): Usage | null {
    return this.tap.usage;
  }

  /** The provider has sent all of its reply. */
  get isWhole(): boolean {
    return this.tap.ended && !this.broke;
  }

  /** Resolves when there is output, or a whole reply without any; else why not. */
  async open(): Promise<Failure | null> {
    const { tap } = this;
    let failure: Failure | null = null;
    const end = performance.now() + longestStartMs;
    while (!failure && !this.closed && !tap.output && this.held < maxHeld) {
      failure = await this.read();
      if (tap.failed) failure = new Failure("broken", "it sent an error in place of output");
      else if (!tap.output && performance.now() > end) {
        failure = new Failure("slow", "it sends signs of life, and no output");
      }
    }
    if (failure) this.cancel();
    return failure;
  }

  /** The next bytes for the client; null after the last. */
  async next(): Promise<Uint8Array | null> {
    while (this.ready.length === 0) {
      if (this.closed) return null;
      const failure = await this.read();
      if (failure) this.fail(failure);
    }
    const ready = this.ready;
    this.ready = [];
    return ready.length === 1 && ready[0] ? ready[0] : Buffer.concat(ready);
  }

  /** The client takes no more. */
  cancel(): void {
    this.closed = true;
    this.parts.watch.abort();
  }

  private async read(): Promise<Failure | null> {
    const { watch, silenceMs } = this.parts;
    const { tap } = this;
    try {
      // Only while it is waited for: a client may take its time.
      watch.allow(tap.ended ? lastMs : silenceMs);
      const { done, value } = await this.reader.read();
      watch.rest();
      if (done || !value) return this.close();
      for (const block of this.blocks.push(value)) this.take(block);
    } catch (error) {
      // All of the reply is there: how the connection ends is of no interest.
      if (tap.ended) return this.close();
      return error instanceof RangeError
        ? new Failure("broken", error.message)
        : broken(error, watch);
    }
    if (tap.failed) this.stop(new Failure("broken", "it sent an error"));
    return null;
  }

  private take(block: Uint8Array): void {
    const { translation, hides, key, event: said } = this.parts;
    let isHidden = false;
    let instead: SseEvent | null = null;
    for (const event of this.parser.push(block)) {
      this.tap.event(event);
      if (this.tap.output) this.events++;
      if (translation) this.say(translation.event(event));
      else if (this.tap.failed && !parseObject(event.data)) throw new RangeError("it sent garbage");
      else if (hides(event)) isHidden = true;
      else instead ??= said(event);
    }
    if (translation || isHidden) return;
    const bytes = instead ? encoder.encode(encodeSse(instead)) : block;
    this.put(bytesWithoutKey(bytes, key));
  }

  private say(events: readonly SseEvent[]): void {
    const { key } = this.parts;
    for (const event of events) this.put(encoder.encode(withoutKey(encodeSse(event), key)));
  }

  private put(bytes: Uint8Array): void {
    this.ready.push(bytes);
    this.held += bytes.length;
  }

  /** There is no more to come from the provider. */
  private close(): Failure | null {
    if (!this.tap.ended) return new Failure("broken", "the stream was cut off");
    this.closed = true;
    this.parts.watch.end();
    this.say(this.parts.translation?.end() ?? []);
    return null;
  }

  /** The provider's own error has been passed on. */
  private stop(failure: Failure): void {
    this.broke = failure;
    this.cancel();
  }

  /** It broke while the client was reading: what the client has is not all, and it is told so. */
  private fail(failure: Failure): void {
    this.stop(failure);
    const status = failure.kind === "slow" ? 504 : 502;
    const error: WireError = { status, type: "upstream_failed", message: failure.message };
    this.say(this.parts.client.errorEvents(error));
  }
}

const encoder = new TextEncoder();
