/** A deadline that starts anew with every sign of life; `signal` aborts when it passes. */
export class Inactivity implements Disposable {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ms: number,
    outer?: AbortSignal,
  ) {
    const own = this.#controller.signal;
    this.signal = outer ? AbortSignal.any([outer, own]) : own;
    this.touch();
  }

  /** Whether it was this deadline, and not the outer signal, that ended the operation. */
  get passed(): boolean {
    return this.#controller.signal.aborted;
  }

  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#controller.abort(new DOMException("no sign of life", "TimeoutError")),
      this.ms,
    );
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
