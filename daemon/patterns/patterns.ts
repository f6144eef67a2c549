import { NexoraError } from "../../src/contract/errors.ts";
import { compilePattern } from "../../src/pattern.ts";
import { isPlain } from "./plain.ts";
import { type Answer, type Question, WorkerFactory } from "./worker.ts";

/** How long the patterns of one look may take, in milliseconds, and how much longer for each character. */
const limitMs = 500;
const characterMs = 1e-4;
/** How long the thread's start may take, in milliseconds: nobody's patterns are at fault for it. */
const startMs = 10_000;
const nothing: Question = { patterns: [], texts: [] };

/** For each pattern, which of the texts it matches. */
export type Matches = (
  session: string,
  patterns: readonly string[],
  texts: readonly string[],
) => Promise<boolean[][]>;

interface Job {
  question: Question;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * Matches patterns (src/pattern.ts) that strangers have written. Plain ones are matched at once, others
 * in a thread that is ended when it takes too long: a pattern such as `^(a+)+$` doubles its time with
 * each character. The thread serves the sessions in turn.
 */
export class Patterns implements Disposable {
  private readonly waiting = new Map<string, Job[]>();
  private readonly workers = new WorkerFactory();
  private worker: Worker | null = null;
  private busy = false;

  /** Throws `usage` when it takes too long. */
  readonly matches: Matches = async (session, patterns, texts) => {
    const length = lengthOf(texts);
    const compiled = patterns.map(compilePattern);
    if (patterns.every((pattern) => isPlain(pattern, length))) {
      return compiled.map((pattern) => texts.map((text) => pattern.test(text)));
    }
    const question = {
      patterns: compiled.map(({ source, flags }) => ({ source, flags })),
      texts: [...texts],
    };
    return new Promise((resolve, reject) => {
      const jobs = this.waiting.get(session) ?? [];
      this.waiting.set(session, [...jobs, { question, resolve, reject }]);
      void this.work();
    });
  };

  [Symbol.dispose](): void {
    this.worker?.terminate();
    this.workers[Symbol.dispose]();
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let job = this.next(); job; job = this.next()) {
      await this.ask(job.question).then(job.resolve, job.reject);
    }
    this.busy = false;
  }

  /** Of the session that has waited longest; its others wait behind those of all sessions. */
  private next(): Job | undefined {
    const [session, jobs = []] = this.waiting.entries().next().value ?? [];
    if (session === undefined) return undefined;
    const [job, ...others] = jobs;
    this.waiting.delete(session);
    if (others.length > 0) this.waiting.set(session, others);
    return job;
  }

  private async ask(question: Question): Promise<Answer> {
    const length = lengthOf(question.texts);
    if (!this.worker) {
      this.worker = this.workers.start();
      await this.answer(this.worker, nothing, startMs);
    }
    return this.answer(this.worker, question, Math.round(limitMs + length * characterMs));
  }

  private async answer(worker: Worker, question: Question, ms: number): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(question);
    // In two halves: when it is this thread that was held up, the answer comes in between.
    let timer = setTimeout(() => {
      timer = setTimeout(() => reject(tooSlow(ms)), ms / 2);
    }, ms / 2);
    try {
      return await promise;
    } catch (error) {
      worker.terminate();
      this.worker = null;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function tooSlow(ms: number): NexoraError {
  return new NexoraError("usage", `the patterns take more than ${ms} ms on this text`, {
    hint: "write them without repetitions inside of repetitions: `a+` in place of `(a+)+`",
  });
}
