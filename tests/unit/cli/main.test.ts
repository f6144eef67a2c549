import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { version } from "../../../src/version.ts";
import { Bench, session } from "./support.ts";

describe("the command line", () => {
  test("without a verb shows the help", async () => {
    await using bench = new Bench();
    const { code, stdout } = await bench.run([]);
    expect(code).toBe(0);
    expect(stdout).toContain("session new");
  });

  test("--help wins over what is missing", async () => {
    await using bench = new Bench();
    const { code, stdout } = await bench.run(["type", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: nexora type TEXT");
  });

  test.each([["version"], ["--version"]])("%s prints the version", async (word) => {
    await using bench = new Bench();
    expect(await bench.run([word])).toMatchObject({ code: 0, stdout: `nexora ${version}\n` });
  });

  test("a mistake exits with 2, on stderr, and suggests", async () => {
    await using bench = new Bench();
    const { code, stdout, stderr } = await bench.run(["scren"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe('nexora: there is no verb "scren"\n  did you mean `nexora screen`?\n');
  });

  test("a mistake of exec exits with 125, so that it is not taken for the command's", async () => {
    await using bench = new Bench();
    expect((await bench.run(["exec", "--frob", "ls"])).code).toBe(125);
  });

  test("--json gives errors as one object on stdout", async () => {
    await using bench = new Bench();
    const { code, stdout, stderr } = await bench.run(["type", "a\\q", "--json"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: "usage" } });
  });

  test("an interrupt exits with 130", async () => {
    await using bench = new Bench();
    const abort = new AbortController();
    bench.serve(async () => {
      const { NexoraError } = await import("../../../src/contract/errors.ts");
      abort.abort(new NexoraError("interrupted", "interrupted"));
      return new Promise<Response>(() => {});
    });
    const { code } = await bench.run(["session", "ls"], { signal: abort.signal });
    expect(code).toBe(130);
  });

  test("colours are for terminals, and not with NO_COLOR", async () => {
    await using bench = new Bench();
    const stderr = async (terminal: boolean, env = {}) =>
      (await bench.run(["scren"], { terminal, env })).stderr;
    expect(await stderr(true)).toContain("\x1b[31m");
    expect(await stderr(true, { NO_COLOR: "1" })).not.toContain("\x1b");
    expect(await stderr(false)).not.toContain("\x1b");
  });
});

describe("the daemon", () => {
  test("its errors set the exit code and are shown with their hint", async () => {
    await using bench = new Bench();
    const error = { code: "conflict", message: "two sessions run: a, b", hint: "use -s" };
    bench.serve(() => Response.json(error, { status: 409 }));
    const { code, stderr } = await bench.run(["session", "show"]);
    expect(code).toBe(5);
    expect(stderr).toBe("nexora: two sessions run: a, b\n  use -s\n");
  });

  test.each([
    ["ambiguous_session", 409, "choose one with -s NAME"],
    ["unauthorized", 401, "NEXORA_TOKEN_FILE"],
  ])("of %s it says what to do at a shell", async (code, status, hint) => {
    await using bench = new Bench();
    const error = { code, message: "no", hint: "send the header X" };
    bench.serve((request) => {
      // What makes the daemon speak the command line's words.
      expect(request.headers.get("x-nexora-client")).toBe("cli");
      return Response.json(error, { status });
    });
    expect((await bench.run(["screen"])).stderr).toStartWith(`nexora: no\n  ${hint}`);
  });

  test.each([
    [["session", "new", "--size", "9x9"], ["size", "width"], "--size: width bad"],
    [["session", "new", "X"], ["name"], "NAME: bad"],
    [["exec", "-e", "A=1", "true"], ["env", "A"], "--env: A bad"],
    [["key", "x", "y"], ["keys", 1], "CHORD: bad"],
    [["type", "x", "--wait", "text=("], ["wait", "text", 0], "--wait text: bad"],
    [["type", "x", "--scale", "7"], ["thenScreen", "scale"], "--scale: bad"],
    [["screen"], ["unknown", "field"], "unknown.field: bad"],
  ])("%j: a complaint about the field %j is one about the flag", async (argv, path, expected) => {
    await using bench = new Bench();
    const message = `${path.join(".")}: bad`;
    const error = { code: "usage", message, details: { issues: [{ path, message: "bad" }] } };
    bench.serve(() => Response.json(error, { status: 400 }));
    expect((await bench.run(argv)).stderr).toBe(`nexora: ${expected}\n`);
  });

  test("of another version is refused, but its status is shown", async () => {
    await using bench = new Bench();
    const status = { version: "0.0.1", pid: 7, memoryBytes: 1024, store: {} };
    const mismatch = { code: "version_mismatch", message: "older", hint: "`nexora daemon stop`" };
    bench.serve((request) =>
      request.headers.has("x-nexora-version")
        ? Response.json(mismatch, { status: 409 })
        : Response.json(status),
    );
    const refused = await bench.run(["session", "ls"]);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain("nexora daemon stop");
    expect((await bench.run(["daemon", "status"])).stdout).toContain("0.0.1");
  });

  test("status and stop exit with 10 and start none when none runs", async () => {
    await using bench = new Bench();
    expect((await bench.run(["daemon", "status"])).code).toBe(10);
    expect((await bench.run(["daemon", "stop"])).code).toBe(10);
    expect(await Bun.file(bench.paths.log).exists()).toBe(false);
  });

  test("doctor says what is wrong when it cannot start", async () => {
    await using bench = new Bench();
    const { code, stdout } = await bench.run(["doctor"]);
    expect(code).toBe(10);
    expect(stdout).toContain("FAIL  daemon: the daemon exited at once with code 20");
    expect(stdout).toMatch(/docker/);
  });

  test("of NEXORA_HOST gets the token, and is never started", async () => {
    await using bench = new Bench();
    const tokens: (string | null)[] = [];
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch(request) {
        tokens.push(request.headers.get("authorization"));
        return Response.json({ sessions: [] });
      },
    });
    const tokenFile = `${bench.folder}/token`;
    await Bun.write(tokenFile, "secret\n");
    const env = { NEXORA_HOST: server.url.href, NEXORA_TOKEN_FILE: tokenFile };
    expect((await bench.run(["session", "ls"], { env })).code).toBe(0);
    expect(tokens).toEqual(["Bearer secret"]);
    const gone = { ...env, NEXORA_HOST: "http://127.0.0.1:1" };
    expect((await bench.run(["session", "ls"], { env: gone })).code).toBe(10);
    const bare = await bench.run(["session", "ls"], { env: { NEXORA_HOST: "http://x" } });
    expect(bare.stderr).toContain("NEXORA_TOKEN_FILE");
  });
});

describe("sessions", () => {
  test("new works on the current folder and prints the name", async () => {
    await using bench = new Bench();
    bench.serve(() => Response.json(session("web")));
    const { stdout, stderr } = await bench.run(["session", "new", "web", "--memory", "2g"]);
    expect(stdout).toBe("web\n");
    expect(stderr).toContain("640 ms");
    expect(JSON.parse(bench.requests[0]?.body ?? "")).toEqual({
      name: "web",
      workspace: bench.folder,
      memoryBytes: 2 * 1024 ** 3,
    });
  });

  test("ls is a table, or JSON", async () => {
    await using bench = new Bench();
    bench.serve(() => Response.json({ sessions: [session("web"), session("longer-name")] }));
    const { stdout } = await bench.run(["session", "ls"]);
    expect(stdout.split("\n")[0]).toMatch(/^NAME +STATE/);
    expect(stdout).toContain("longer-name  running");
    const json = JSON.parse((await bench.run(["session", "ls", "--json"])).stdout);
    expect(json).toMatchObject({ ok: true, data: { sessions: [{ name: "web" }, {}] } });
  });

  test.each([
    ["the only running one", ["web", "old"], {}, [], "web"],
    ["none of several", ["web", "api"], {}, [], null],
    ["the environment's", ["web", "api"], { NEXORA_SESSION: "api" }, [], "api"],
    ["that of -s, by its id", ["web", "api"], {}, ["-s", "s_web"], "web"],
    ["none when a name is wrong", ["web"], { NEXORA_SESSION: "!" }, [], null],
  ])("ls marks %s", async (_, names, env, flags, expected) => {
    await using bench = new Bench();
    const sessions = names.map((name) => ({
      ...session(name),
      state: name === "old" ? "stopped" : "running",
    }));
    bench.serve(() => Response.json({ sessions }));
    const { stdout } = await bench.run(["session", "ls", ...flags], { env });
    const marked = stdout.split("\n").filter((line) => line.includes(" * "));
    expect(marked.map((line) => line.split(" ")[0] ?? "")).toEqual(expected ? [expected] : []);
    const json = JSON.parse(
      (await bench.run(["session", "ls", "--json", ...flags], { env })).stdout,
    );
    const facts = json.data.sessions as { name: string; current: boolean }[];
    expect(facts.filter(({ current }) => current).map(({ name }) => name)).toEqual(
      expected ? [expected] : [],
    );
  });

  test("use writes the file that later commands read", async () => {
    await using bench = new Bench();
    bench.serve(() => Response.json(session("web")));
    expect((await bench.run(["session", "use", "web"])).code).toBe(0);
    await bench.run(["session", "show"]);
    // By id: it outlives a rename.
    expect(bench.requests.at(-1)?.path).toBe("/v1/sessions/s_web");
  });

  test("use of an unknown session writes nothing", async () => {
    await using bench = new Bench();
    const error = { code: "session_not_found", message: "no session nope" };
    bench.serve(() => Response.json(error, { status: 404 }));
    expect((await bench.run(["session", "use", "nope"])).code).toBe(4);
    expect(await Bun.file(`${bench.folder}/.nexora/session`).exists()).toBe(false);
  });

  test("a stale .nexora/session is named when its session is gone", async () => {
    await using bench = new Bench();
    const error = { code: "session_not_found", message: 'there is no session "old"' };
    bench.serve(() => Response.json(error, { status: 404 }));
    const path = `${bench.folder}/.nexora/session`;
    await Bun.write(path, "old\n");
    const { code, stderr } = await bench.run(["screen", "--text"]);
    expect(code).toBe(4);
    expect(stderr).toContain(`(named by ${path})`);
    expect(stderr).toContain("nexora session use");
  });

  test("rm tries each and reports the failure", async () => {
    await using bench = new Bench();
    bench.serve((_, { pathname }) =>
      pathname.endsWith("/b")
        ? Response.json({ code: "session_not_found", message: "no session b" }, { status: 404 })
        : Response.json({ id: "s", name: pathname.split("/").pop() }),
    );
    const { code, stderr } = await bench.run(["session", "rm", "a", "b", "c"]);
    expect(code).toBe(4);
    expect(stderr).toBe("removed a\nremoved c\nnexora: no session b\n");
  });

  test.each([
    ["session", "session_not_found"],
    ["token", "not_found"],
    ["image", "not_found"],
  ])("%s rm -f is content when there is none, and reports what else fails", async (noun, none) => {
    await using bench = new Bench();
    let code = none;
    bench.serve(() => Response.json({ code, message: "no such thing" }, { status: 404 }));
    expect((await bench.run([noun, "rm", "a"])).code).toBe(4);
    expect(await bench.run([noun, "rm", "-f", "a"])).toMatchObject({ code: 0, stderr: "" });
    const json = await bench.run([noun, "rm", "--force", "a", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual({ ok: true, data: { removed: [] } });
    code = "engine_failed";
    expect((await bench.run([noun, "rm", "-f", "a"])).code).toBe(20);
  });

  test("rm --all removes what ls shows", async () => {
    await using bench = new Bench();
    bench.serve((request, { pathname }) =>
      request.method === "GET"
        ? Response.json({ sessions: [session("a"), session("b")] })
        : Response.json({ id: "s", name: pathname.split("/").pop() }),
    );
    expect((await bench.run(["session", "rm", "--all"])).stdout).toBe("s_a\ns_b\n");
  });
});

describe("input", () => {
  const reply = { characters: 1, path: "keys", delivered: true, waited: null, screen: null };

  test("type sends what the escapes mean, to the chosen session", async () => {
    await using bench = new Bench();
    bench.serve(() => Response.json(reply));
    const env = { NEXORA_SESSION: "web" };
    expect(await bench.run(["type", "ls\\n", "--enter"], { env })).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    });
    const [request] = bench.requests;
    expect(request?.path).toBe("/v1/sessions/web/type");
    expect(JSON.parse(request?.body ?? "")).toEqual({ text: "ls\n", enter: true });
  });

  test("type --literal sends backslashes as they are", async () => {
    await using bench = new Bench();
    bench.serve(() => Response.json(reply));
    await bench.run(["type", "--literal", "a\\q"]);
    expect(JSON.parse(bench.requests[0]?.body ?? "").text).toBe("a\\q");
  });

  test("type with a wrong escape sends nothing", async () => {
    await using bench = new Bench();
    bench.serve(() => Response.json(reply));
    expect((await bench.run(["type", "a\\q"])).code).toBe(2);
    expect(bench.requests).toEqual([]);
  });

  test("type --wait --then-screen prints the screen", async () => {
    await using bench = new Bench();
    const waited = { condition: "prompt", evidence: [], waitedMs: 12, exitStatus: 0 };
    const screen = { text: [{ lines: ["$ ls", "a\x1b[31mb", "", ""] }] };
    bench.serve(() => Response.json({ ...reply, waited, screen }));
    const run = await bench.run(["type", "ls\\n", "--wait", "prompt", "--then-screen"]);
    expect(run.stdout).toBe("$ ls\na[31mb\n");
    expect(run.stderr).toBe("prompt after 12 ms, exit status 0\n");
    expect(JSON.parse(bench.requests[0]?.body ?? "").wait).toEqual({ prompt: true });
  });

  test("--wait may be repeated; each is a flag of wait without its dashes", async () => {
    await using bench = new Bench();
    bench.serve(() => Response.json(reply));
    await bench.run([
      "key",
      "n",
      "--wait",
      "text=OK",
      "--wait",
      "text=a=b",
      "--wait",
      "timeout=5s",
    ]);
    const { wait } = JSON.parse(bench.requests[0]?.body ?? "");
    expect(wait).toEqual({ text: ["OK", "a=b"], timeoutMs: 5000 });
  });

  test("a look afterwards takes the flags of screen, and -o puts its picture into a file", async () => {
    await using bench = new Bench();
    const image = { format: "jpeg", base64: Buffer.from("bytes").toString("base64") };
    bench.serve(() => Response.json({ ...reply, screen: { text: [{ lines: ["$"] }], image } }));
    const path = join(bench.folder, "shot.jpg");
    const run = await bench.run(["type", "ls", "--scale", "0.5", "--lines", "9", "-o", path]);
    const { thenScreen } = JSON.parse(bench.requests[0]?.body ?? "");
    expect(thenScreen).toEqual({ format: "jpeg", scale: "0.5", lines: 9, image: true });
    expect(run).toMatchObject({ stdout: "$\n", stderr: `${path}\n` });
    expect(await Bun.file(path).text()).toBe("bytes");
  });

  test("wait that ends in vain shows what was on the screen", async () => {
    await using bench = new Bench();
    const details = { screen: ["$ make", "cc main.c", ""] };
    const error = {
      code: "timeout",
      message: "timed out after 1 s waiting for text=done",
      details,
    };
    bench.serve(() => Response.json(error, { status: 504 }));
    const { code, stderr } = await bench.run(["wait", "--text", "done"]);
    expect(code).toBe(124);
    expect(stderr).toEndWith("text=done\non the screen:\n$ make\ncc main.c\n");
  });

  test("wait needs a condition", async () => {
    await using bench = new Bench();
    expect((await bench.run(["wait", "--timeout", "1s"])).stderr).toContain("--prompt");
  });
});
