import { dlopen, FFIType, ptr } from "bun:ffi";
import { writeSync } from "node:fs";

/** A program that exchanges two names without a pause, as an agent would in a workspace. */
export class Swapper implements AsyncDisposable {
  private constructor(private readonly process: Bun.Subprocess) {}

  /** Resolves once it is at work. */
  static async start(one: string, other: string): Promise<Swapper> {
    const child = Bun.spawn([process.execPath, import.meta.path, one, other], {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    });
    const { done } = await child.stdout.getReader().read();
    if (done) throw new Error("nothing is swapped");
    return new Swapper(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.exited;
  }
}

const AT_FDCWD = -100;
const RENAME_EXCHANGE = 2;

/** renameat2(2), until this process is ended. */
function swapForEver(...paths: [string, string]): never {
  const { i32, u32, pointer } = FFIType;
  const { renameat2 } = dlopen("libc.so.6", {
    renameat2: { args: [i32, pointer, i32, pointer, u32], returns: i32 },
  }).symbols;
  const [one, other] = paths.map((path) => Buffer.from(`${path}\0`)) as [Buffer, Buffer];
  const swap = () => renameat2(AT_FDCWD, ptr(one), AT_FDCWD, ptr(other), RENAME_EXCHANGE);
  if (swap() !== 0) throw new Error("they cannot be exchanged");
  writeSync(1, "swapping\n");
  for (;;) swap();
}

if (import.meta.main) swapForEver(process.argv[2] ?? "", process.argv[3] ?? "");
