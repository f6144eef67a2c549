import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "tar-stream";
import { Bench } from "./support.ts";

/** A workstation in which these paths are; what is put into it is kept as raw tar. */
function serveFiles(bench: Bench, kinds: Record<string, string>, tar = "") {
  const puts: { path: string; text: string }[] = [];
  bench.serve((request, url, body) => {
    if (url.pathname === "/v1/sessions") return Response.json({ sessions: [] });
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
    expect(bench.requests[1]?.path).toStartWith("/v1/sessions/dev/");
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
    const [_, ...others] = bench.requests;
    expect(others.every(({ path }) => path.startsWith("/v1/sessions/web/"))).toBe(true);
  });

  test("puts several into a folder, each, also when one is missing", async () => {
    await using bench = new Bench();
    const puts = serveFiles(bench, { "/tmp": "directory" });
    const at = (name: string) => join(bench.folder, name);
    for (const name of ["a", "c"]) writeFileSync(at(name), name);
    const run = await bench.run(["cp", "-r", at("a"), at("b"), at("c"), "dev:/tmp", "--json"]);
    expect(run.code).toBe(4);
    expect(puts.map(({ path, text }) => [path, text.slice(0, 2)])).toEqual([
      ["/tmp", "a\0"],
      ["/tmp", "c\0"],
    ]);
    expect(JSON.parse(run.stdout).error).toMatchObject({
      message: `${at("b")} does not exist`,
      details: { paths: ["/tmp/a", "/tmp/c"] },
    });
  });

  test("several need a folder that exists", async () => {
    await using bench = new Bench();
    const puts = serveFiles(bench, { "/file": "file" });
    for (const name of ["a", "b"]) writeFileSync(join(bench.folder, name), name);
    const sources = ["a", "b"].map((name) => join(bench.folder, name));
    for (const to of ["/file", "/missing"]) {
      const run = await bench.run(["cp", ...sources, `dev:${to}`]);
      expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(`${to} is none`) });
    }
    expect(puts).toEqual([]);
  });

  test("gets several, of several sessions", async () => {
    await using bench = new Bench();
    serveFiles(bench, { "/x/f": "file" }, await tarOf("f", "same\n"));
    mkdirSync(join(bench.folder, "got"));
    const target = join(bench.folder, "got");
    const run = await bench.run(["cp", "dev:/x/f", "web:/x/f", target, "--json"]);
    expect(JSON.parse(run.stdout)).toEqual({
      ok: true,
      data: { paths: [join(target, "f"), join(target, "f")] },
    });
    expect(bench.requests.filter(({ path }) => path.includes("/web/"))).toHaveLength(2);
  });

  test("to - writes the bytes of a file, also through links, and a folder's archive", async () => {
    await using bench = new Bench();
    const link = pack();
    link.entry({ name: "link", type: "symlink", linkname: "../b/real" });
    link.finalize();
    const tars: Record<string, string> = {
      "/a/link": await new Response(link as unknown as ReadableStream).text(),
      "/a/../b/real": await tarOf("real", "content\n"),
      "/dir": await tarOf("dir/f", "in a folder"),
    };
    bench.serve((_, url) => {
      const path = url.searchParams.get("path") ?? "";
      if (!url.pathname.endsWith("/stat")) return new Response(tars[path] ?? "");
      return Response.json({ type: path === "/dir" ? "directory" : "file", sizeBytes: 0 });
    });
    expect(await bench.run(["cp", "dev:/a/link", "-"])).toMatchObject({
      code: 0,
      stdout: "content\n",
    });
    expect((await bench.run(["cp", "dev:/dir", "-"])).stdout).toBe(tars["/dir"] ?? "");
    const seen = await bench.run(["cp", "dev:/dir", "-"], { terminal: true });
    expect(seen).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("tar t") });
    expect((await bench.run(["cp", "dev:/a/link", "-", "--json"])).code).toBe(2);
  });

  test("links in a circle end", async () => {
    await using bench = new Bench();
    const circle = pack();
    circle.entry({ name: "a", type: "symlink", linkname: "a" });
    circle.finalize();
    const tar = await new Response(circle as unknown as ReadableStream).text();
    serveFiles(bench, { "/a": "file" }, tar);
    const run = await bench.run(["cp", "dev:/a", "-"]);
    expect(run).toMatchObject({ code: 30, stdout: "", stderr: expect.stringContaining("symlink") });
  });

  test.each([
    [["a", "b"], 2, "exactly one side"],
    [["-", "-"], 2, "exactly one side"],
    [["-", "a", "dev:/tmp"], 2, "takes no others"],
    [["dev:/a", "dev:/b", "-"], 2, "takes no others"],
    [["a"], 2, "cp needs DST"],
    [["dev:~", "."], 4, "~ does not exist"],
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
