import type { RunnerEvent } from "../../../src/runner/protocol.ts";

const heartbeatMs = 5_000;
/** Events that wait for one slow reader before the oldest are dropped. */
const maxWaiting = 1000;

interface Subscriber {
  offer(event: RunnerEvent): void;
}

/** Sends the runner's events to everybody who listens. */
export class Events {
  private readonly subscribers = new Set<Subscriber>();

  /** `before`: of the runners before this one, for the heartbeat. */
  constructor(private readonly before: { endings: number; ending: string }) {}

  emit(event: RunnerEvent): void {
    for (const subscriber of this.subscribers) subscriber.offer(event);
  }

  /**
   * NDJSON of all events from now on. What a reader has not taken is held for it: of
   * changes of the same thing only the latest, of everything at most `maxWaiting`. `until` is disposed of
   * when the reader goes away.
   */
  stream(until: readonly Disposable[] = []): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let waiting: RunnerEvent[] = [];
    let wake: (() => void) | null = null;
    const subscriber: Subscriber = {
      offer: (event) => {
        waiting = waiting.filter((held) => !replaces(event, held));
        waiting.push(event);
        if (waiting.length > maxWaiting) waiting.shift();
        wake?.();
      },
    };
    const beat = () => subscriber.offer({ type: "heartbeat", time: Date.now(), ...this.before });
    const timer = setInterval(beat, heartbeatMs);
    this.subscribers.add(subscriber);
    beat();
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (waiting.length === 0) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            wake = null;
          }
          const lines = waiting.splice(0).map((event) => `${JSON.stringify(event)}\n`);
          controller.enqueue(encoder.encode(lines.join("")));
        },
        cancel: () => {
          clearInterval(timer);
          this.subscribers.delete(subscriber);
          for (const each of until) each[Symbol.dispose]();
          wake?.();
        },
      },
      { highWaterMark: 0 },
    );
  }
}

/** Whether an event says all that an earlier one has said. */
function replaces(event: RunnerEvent, earlier: RunnerEvent): boolean {
  switch (event.type) {
    case "terminal":
    case "input":
      return earlier.type === event.type && earlier.id === event.id;
    case "windows":
    case "ports":
      return earlier.type === event.type;
    default:
      return false;
  }
}
