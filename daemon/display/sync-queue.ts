/** Who waits for which fence. */
export class SyncQueue {
  private next = 0;
  private readonly waiting = new Map<number, PromiseWithResolvers<void>>();

  /** A payload for a new fence, and the promise of its answer. */
  add(): { payload: Uint8Array; answer: Promise<void> } {
    const id = this.next++ >>> 0;
    const entry = Promise.withResolvers<void>();
    // Its waiter may have given up before the answer, or the end, comes.
    entry.promise.catch(() => {});
    this.waiting.set(id, entry);
    const payload = new Uint8Array(4);
    new DataView(payload.buffer).setUint32(0, id);
    return { payload, answer: entry.promise };
  }

  /** An answer came; one that nobody waits for is ignored. */
  answered(payload: Uint8Array): void {
    if (payload.length !== 4) return;
    const id = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
    this.waiting.get(id)?.resolve();
    this.waiting.delete(id);
  }

  /** Something that answers all that was asked so far. */
  answeredAll(): void {
    for (const { resolve } of this.waiting.values()) resolve();
    this.waiting.clear();
  }

  fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
