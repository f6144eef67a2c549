/** What is to be matched with what. */
export interface Question {
  patterns: { source: string; flags: string }[];
  texts: string[];
}

/** For each pattern, which of the texts it matches. */
export type Answer = boolean[][];

/** The whole of the worker, as text: a file of its own would have to be embedded and found again. */
const program = `
  onmessage = ({ data: { patterns, texts } }) =>
    postMessage(patterns.map(({ source, flags }) => {
      const pattern = new RegExp(source, flags);
      return texts.map((text) => pattern.test(text));
    }));
`;

/** Starts threads that answer one question after the other. */
export class WorkerFactory implements Disposable {
  private readonly url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));

  start(): Worker {
    const worker = new Worker(this.url, { smol: true });
    worker.unref();
    return worker;
  }

  [Symbol.dispose](): void {
    URL.revokeObjectURL(this.url);
  }
}
