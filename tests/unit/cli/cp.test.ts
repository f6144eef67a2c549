import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "tar-stream";
import { Bench } from "./support.ts";

/** A workstation in which these paths are; what is put into it is kept as raw tar. */
function serveFiles(bench: Bench, kinds: Record<string, string>, tar = "") {
  const puts: { path: string; text: string }[] = [];
  bench.serve((request, url, body) => {
    const path = url.searchParams.get("path") ?? "";
    if (url.pathname.endsWith("/stat")) {
      return Response.json({ type: kinds[path] ?? "none", sizeBytes: 0 });
    }
    if (request.method === "GET") return new Response(tar);
    puts.push({ path, text: body });
    return Response.json({ path });
  });
  return puts;
}

async function tarOf(name: string, content: string): Promise<string> {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  return new Response(archive as unknown as ReadableStream).text();
}

describe("cp", () => {
  test("puts a file into a folder that exists", async () => {
    await using bench = new Bench();
    const puts = serveFiles(bench, { "/tmp": "directory" });
    writeFileSync(join(bench.folder, "a.txt"), "hello");
    const run = await bench.run(["cp", join(bench.folder, "a.txt"), "dev:/tmp"]);
    expect(run).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(bench.requests[0]?.path).toStartWith("/v1/sessions/dev/");
    expect(puts).toHaveLength(1);
    expect(puts[0]?.path).toBe("/tmp");
    expect(puts[0]?.text).toStartWith("a.txt\0");
    expect(puts[0]?.text).toContain("hello");
  });

  test("puts a file under a new name", async () => {
    await using bench = new Bench();
    const puts = serveFiles(bench, {});
    writeFileSync(join(bench.folder, "a.txt"), "hello");
    await bench.run(["cp", join(bench.folder, "a.txt"), "dev:/tmp/b.txt"]);
    expect(puts[0]?.path).toBe("/tmp");
    expect(puts[0]?.text).toStartWith("b.txt\0");
  });

  test("gets a file of the chosen session", async () => {
    await using bench = new Bench();
    serveFiles(bench, { "out.log": "file" }, await tarOf("out.log", "done\n"));
    const target = join(bench.folder, "got");
    mkdirSync(target);
    const run = await bench.run(["cp", "-s", "web", ":out.log", target]);
    expect(run.code).toBe(0);
    expect(readFileSync(join(target, "out.log"), "utf8")).toBe("done\n");
    expect(bench.requests.every(({ path }) => path.startsWith("/v1/sessions/web/"))).toBe(true);
  });

  test.each([
    [["a", "b"], 2, "exactly one side"],
    [["dev:/a", "web:/b"], 2, "exactly one side"],
    [["/no/such/file", "dev:/tmp"], 4, "/no/such/file"],
    [["dev:/missing", "."], 4, "/missing does not exist in dev"],
  ])("%j is a clear error", async (argv, code, message) => {
    await using bench = new Bench();
    serveFiles(bench, {});
    const run = await bench.run(["cp", ...argv]);
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(message);
  });
});
