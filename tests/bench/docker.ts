import { run } from "./run.ts";

/** Removes every container and volume with this label. Needs no signal: it is the clean-up. */
export async function removeLabelled(label: string): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const filter = ["--filter", `label=${label}`];
  const ids = async (...list: string[]) =>
    (await run(["docker", ...list, "-q", ...filter], { signal })).split("\n").filter(Boolean);
  const containers = await ids("ps", "-a");
  if (containers.length > 0) await run(["docker", "rm", "-fv", ...containers], { signal });
  const volumes = await ids("volume", "ls");
  if (volumes.length > 0) await run(["docker", "volume", "rm", ...volumes], { signal });
}

export async function hasImage(reference: string, signal: AbortSignal): Promise<boolean> {
  return (await run(["docker", "images", "-q", reference], { signal })).trim() !== "";
}

/** A container of today's way; removed on dispose. */
export class Container implements AsyncDisposable {
  private constructor(
    readonly name: string,
    private readonly label: string,
  ) {}

  /** `docker run -d` with these options, image and command. */
  static async start(options: string[], signal: AbortSignal): Promise<Container> {
    const name = `nexora-bench-${crypto.randomUUID().slice(0, 8)}`;
    const label = `nexora.bench=${name}`;
    const container = new Container(name, label);
    try {
      const own = ["--name", name, "--label", label];
      await run(["docker", "run", "-d", ...own, ...options], { signal });
      return container;
    } catch (error) {
      await container[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return removeLabelled(this.label);
  }
}
