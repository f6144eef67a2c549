interface Summary {
  operation: string;
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** How long operations took, in milliseconds, and which failed. */
export class Operations {
  readonly errors: string[] = [];
  private readonly samples = new Map<string, number[]>();

  /** The action's result; null when it failed, which is then among the errors. */
  async time<T>(operation: string, action: () => Promise<T>): Promise<T | null> {
    const started = performance.now();
    try {
      const result = await action();
      const samples = this.samples.get(operation) ?? [];
      samples.push(performance.now() - started);
      this.samples.set(operation, samples);
      return result;
    } catch (error) {
      this.errors.push(`${operation}: ${(error as Error).message}`);
      return null;
    }
  }

  summaries(): Summary[] {
    return [...this.samples].map(([operation, samples]) => {
      const sorted = samples.toSorted((a, b) => a - b);
      const at = (part: number) =>
        Math.round((sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0) * 10) / 10;
      return {
        operation,
        count: sorted.length,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
        max: at(1),
      };
    });
  }

  /** The summaries as a table in Markdown, in milliseconds. */
  table(): string {
    const rows = this.summaries().map(
      ({ operation, count, p50, p95, p99, max }) =>
        `| ${operation.padEnd(14)} | ${[count, p50, p95, p99, max].map((n) => String(n).padStart(8)).join(" | ")} |`,
    );
    const head = `| ${"ms".padEnd(14)} | ${["count", "p50", "p95", "p99", "max"].map((t) => t.padStart(8)).join(" | ")} |`;
    const rule = `| ${"-".repeat(14)} | ${Array(5).fill("-------:").join(" | ")} |`;
    return [head, rule, ...rows].join("\n");
  }
}
