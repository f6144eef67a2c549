/** Ends a request to a provider when it is silent for too long, or when its client goes. */
export class Watch {
  private readonly controller = new AbortController();
  private timer: Timer | undefined;
  private isSlow = false;
  private readonly onGone = () => this.controller.abort();

  constructor(private readonly client: AbortSignal) {
    if (client.aborted) this.controller.abort();
    else client.addEventListener("abort", this.onGone, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** It was silent for too long. */
  get slow(): boolean {
    return this.isSlow;
  }

  /** The client has gone. */
  get gone(): boolean {
    return this.client.aborted;
  }

  /** From now on it may be silent for so many milliseconds. */
  allow(ms: number): void {
    this.rest();
    this.timer = setTimeout(() => {
      this.isSlow = true;
      this.controller.abort();
    }, ms);
  }

  /** Nobody waits for it just now. */
  rest(): void {
    clearTimeout(this.timer);
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.rest();
    this.client.removeEventListener("abort", this.onGone);
  }

  /** Breaks the request off. */
  abort(): void {
    this.end();
    this.controller.abort();
  }
}
