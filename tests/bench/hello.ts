import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { interleave } from "./measure.ts";
import { binary } from "./nexora.ts";
import { run, wholeProcess } from "./run.ts";
import type { Row } from "./table.ts";

/** The start of our binary against that of the smallest one that Bun compiles. */
export async function benchHello({ signal, folder, nexora }: Bench): Promise<Row[]> {
  const source = join(folder, "hello.ts");
  const hello = join(folder, "hello");
  await Bun.write(source, `console.log("hello");\n`);
  await run([process.execPath, "build", "--compile", source, "--outfile", hello], {
    signal,
    cwd: folder,
  });
  const { ours, theirs } = await interleave(
    {
      theirs: { run: wholeProcess([hello], { signal }) },
      ours: { run: wholeProcess([binary, "version"], { signal, env: nexora.env }) },
    },
    { samples: 100, warmUp: 10, signal },
  );
  return [
    {
      what: "nexora version, whole process",
      unit: "ms",
      ours,
      theirs: { what: "a compiled hello world", summary: theirs },
      goal: { ofTheirs: 1.5 },
    },
  ];
}
