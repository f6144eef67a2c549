import { AsyncLocalStorage } from "node:async_hooks";
import { within } from "../src/abort.ts";
import { NexoraError } from "../src/contract/errors.ts";
import { KeyedQueue } from "./keyed-queue.ts";

/** What somebody does at a desktop in one go, so that no list begins in its midst. */
export interface Turn extends Disposable {
  /**
   * Resolves when it may begin: no list holds the session. From then on lists wait for its end. Throws
   * `interrupted` once it is disposed: what was left behind does nothing more.
   */
  take(signal: AbortSignal): Promise<void>;
}

/**
 * Whose turn it is at each session's desktop. Keys and pointer go one after the other; what else is done there
 * goes beside them. A list of steps holds the session: then all others wait.
 */
export class Turns {
  private readonly queue = new KeyedQueue();
  /** The list that the work under way belongs to. */
  private readonly list = new AsyncLocalStorage<{ session: string; over: boolean }>();
  /** The end of all lists that hold a session, or wait to. */
  private readonly lists = new Map<string, Promise<void>>();
  /** What goes on beside, each until its end. */
  private readonly beside = new Map<string, Set<Promise<void>>>();

  /** Runs keys or pointer, as `KeyedQueue.run` does. */
  async run<T>(session: string, task: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    return this.isOurs(session) ? task() : this.queue.run(session, task, signal);
  }

  /** Runs a list when what has begun before is over. Only what it does itself goes on meanwhile. */
  async hold<T>(session: string, task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    // A list within a list: it is held already.
    if (this.isOurs(session)) return task();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const lists = (this.lists.get(session) ?? Promise.resolve()).then(() => ended);
    this.lists.set(session, lists);
    void lists.then(() => {
      if (this.lists.get(session) === lists) this.lists.delete(session);
    });
    const own = { session, over: false };
    try {
      const beside = this.beside.get(session);
      // Not in the queue: what goes on beside may want its keys and pointer.
      if (beside) await within(Promise.all(beside), signal);
      return await this.queue.run(session, () => this.list.run(own, task), signal);
    } finally {
      own.over = true;
      end();
    }
  }

  /** Resolves when no list holds the session: for what takes long, and goes on when one begins. */
  async begin(session: string, signal: AbortSignal): Promise<void> {
    if (this.isOurs(session)) return;
    for (let lists = this.lists.get(session); lists; lists = this.lists.get(session)) {
      await within(lists, signal);
    }
  }

  /** Runs what does not take long, and lists wait for. */
  async share<T>(session: string, task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    using turn = this.turn(session);
    await turn.take(signal);
    return await task();
  }

  /** For what finds out later that it is ready to begin. */
  turn(session: string): Turn {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const others = () => this.beside.get(session) ?? new Set();
    let state: "waits" | "taken" | "over" = "waits";
    return {
      take: async (signal) => {
        if (state === "taken" || this.isOurs(session)) return;
        // Between its last look and what follows nothing can come.
        for (let lists = this.lists.get(session); lists; lists = this.lists.get(session)) {
          await within(lists, signal);
        }
        if (state === "over") throw new NexoraError("interrupted", "the action is over already");
        state = "taken";
        this.beside.set(session, others().add(ended));
      },
      [Symbol.dispose]: () => {
        const left = others();
        left.delete(ended);
        if (left.size === 0) this.beside.delete(session);
        state = "over";
        end();
      },
    };
  }

  /** Whether what asks is part of the list that holds the session. */
  private isOurs(session: string): boolean {
    const list = this.list.getStore();
    return list?.session === session && !list.over;
  }
}
