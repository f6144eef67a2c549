import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Socket } from "node:net";
import { completion, data, pieces, TestGateway } from "../support/gateway.ts";
import { type Behaviour, chunk, events, head, inTurn, json } from "../support/raw-upstream.ts";

/** How long a provider may be silent here, in milliseconds. */
const silenceMs = 1500;

let gateway: TestGateway;

/** Reads a stream as far as is wanted. */
function readerOf(reply: Response) {
  const reader = reply.body?.getReader();
  const decoder = new TextDecoder();
  let received = "";
  const read = async () => {
    const { done, value } = (await reader?.read()) ?? { done: true };
    received += decoder.decode(value, { stream: true });
    return !done;
  };
  return {
    async until(wanted: string) {
      while (!received.endsWith(wanted) && (await read()));
    },
    async rest() {
      while (await read());
      return received;
    },
    async cancel() {
      await reader?.cancel();
    },
  };
}

beforeAll(async () => {
  gateway = await TestGateway.start({ silenceMs, replyMs: silenceMs });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const good = json(completion("hi"));
const down = json({ error: { message: "overloaded" } }, 503);
const errorOf = async (reply: Response) => {
  const { error } = (await reply.json()) as { error: { message: string; type: string } };
  return { status: reply.status, ...error };
};

/** Two providers of one model: whoever is asked first behaves like the first, then like the second. */
async function two(first: Behaviour, second: Behaviour) {
  const behaviour = inTurn(first, second);
  const one = await gateway.provider(behaviour);
  const other = await gateway.provider(behaviour, { model: one.model });
  const asked = () => one.upstream.requests.length + other.upstream.requests.length;
  return { model: one.model, one, other, asked };
}

describe("a provider that cannot", () => {
  test("is followed by the next", async () => {
    const { model, one, other } = await two(down, good);
    const reply = await gateway.chat(model);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-nexora-attempts")).toBe("2");
    expect([one.upstream.requests.length, other.upstream.requests.length]).toEqual([1, 1]);
    const last = (await gateway.requests()).at(-1);
    expect(last?.tried).toMatchObject([{ problem: "HTTP 503: overloaded" }]);
  });

  test("is asked once more when there is no other", async () => {
    const { model, upstream } = await gateway.provider(inTurn(down, good));
    expect((await gateway.chat(model)).status).toBe(200);
    expect(upstream.requests).toHaveLength(2);
    upstream.behave(down);
    expect(await errorOf(await gateway.chat(model))).toMatchObject({
      status: 502,
      message: expect.stringContaining("overloaded"),
    });
    expect(upstream.requests).toHaveLength(4);
  });

  test("and says why, is passed on as it is when the request was wrong", async () => {
    for (const status of [400, 404, 422]) {
      const body = { error: { message: "no", code: "x", param: "y", extra: [1] } };
      const { model, one, other } = await two(json(body, status), good);
      const reply = await gateway.chat(model);
      expect([reply.status, await reply.json()]).toEqual([status, body]);
      expect(one.upstream.requests.length + other.upstream.requests.length).toBe(1);
    }
  });

  test("is left alone after five failures, and that is to be seen", async () => {
    const { id, model, upstream } = await gateway.provider(down);
    for (let time = 0; time < 3; time++) await gateway.chat(model);
    expect(await gateway.status(id)).toMatchObject([{ state: "open" }]);
    const { length } = upstream.requests;
    expect(length).toBe(5);
    const refused = await gateway.chat(model);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(upstream.requests).toHaveLength(length);
  });
});

describe("a key", () => {
  test.each([401, 402, 403])(
    "that is refused with %d is followed by the next one",
    async (status) => {
      const refused = json({ error: { message: "no" } }, status);
      const { id, model, upstream, keys } = await gateway.provider(inTurn(refused, good), {
        keys: 2,
      });
      expect((await gateway.chat(model)).status).toBe(200);
      expect(upstream.requests.map(({ headers }) => headers.authorization)).toEqual(
        keys.map((key) => `Bearer ${key}`),
      );
      expect(await gateway.status(id)).toMatchObject([{ health: "refused" }, { health: "good" }]);
    },
  );

  test("that was the only one is named by its last characters, and the client's is not to blame", async () => {
    const { id, model, keys } = await gateway.provider(json({ error: { message: "no" } }, 401), {
      keys: 1,
    });
    const reply = await gateway.chat(model);
    expect(reply.headers.get("x-should-retry")).toBe("false");
    const { status, message } = await errorOf(reply);
    expect(status).toBe(503);
    expect(message).toContain(`${id} refuses the key k0 (…${keys[0]?.slice(-4)})`);
  });

  test("that has been used too often rests for as long as it is told", async () => {
    const limited = json({ error: { message: "slow down" } }, 429, { "retry-after": "60" });
    const { id, model, upstream, keys } = await gateway.provider(inTurn(limited, good), {
      keys: 2,
    });
    expect((await gateway.chat(model)).status).toBe(200);
    expect(await gateway.status(id)).toMatchObject([{ state: "resting" }, { state: "ready" }]);
    expect((await gateway.chat(model)).status).toBe(200);
    expect(upstream.requests.map(({ headers }) => headers.authorization)).toEqual(
      [keys[0], keys[1], keys[1]].map((key) => `Bearer ${key}`),
    );
    upstream.behave(limited);
    const reply = await gateway.chat(model);
    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(50);
  });

  test("that a provider sends back is in no reply and no log", async () => {
    const { model, upstream, keys } = await gateway.provider(good, { keys: 1 });
    const [key = ""] = keys;
    const echoes: [Behaviour, Record<string, unknown>][] = [
      [json({ error: { message: `what is ${key}?` } }, 400), {}],
      [json({ error: { message: `what is ${key}?` } }, 401), {}],
      [json(completion(`your key is ${key}`)), {}],
      [events(pieces("your key", ` is ${key}`)), { stream: true }],
      [events([data({ error: { message: key } })]), { stream: true }],
    ];
    for (const [behaviour, more] of echoes) {
      upstream.behave(behaviour);
      expect(await (await gateway.chat(model, more)).text()).not.toContain(key);
    }
    const log = await Bun.file(`${gateway.daemon.home}/daemon.log`).text();
    expect(JSON.stringify(await gateway.requests()) + log).not.toContain(key);
  });
});

describe("a bad provider", () => {
  const length =
    (value: string, stated: number): Behaviour =>
    (_, socket) =>
      socket.end(
        `${head(200, { "content-type": "application/json", "content-length": stated })}${value}`,
      );
  const text = JSON.stringify(completion("hi"));
  const bad: [string, number, Behaviour][] = [
    ["sends garbage for JSON", 502, json("{]")],
    ["sends a page", 502, json("<html>welcome</html>", 200, { "content-type": "text/html" })],
    ["sends JSON that is no reply", 502, json({ hello: 1 })],
    ["sends an error with status 200", 502, json({ error: { message: "no" } })],
    ["sends what is not HTTP", 502, (_, socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n")],
    ["sends less than it says", 502, length(text, text.length + 10)],
    ["sends more than it says", 502, length(text, text.length - 10)],
    ["closes before it answers", 502, (_, socket) => socket.end()],
    ["closes within its head", 502, (_, socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le")],
    ["hangs before its head", 504, () => {}],
    ["hangs after its head", 504, (_, socket) => socket.write(head(200, { "content-length": 9 }))],
    [
      "closes within a chunk",
      502,
      (_, socket) => socket.end(`${head(200, { "transfer-encoding": "chunked" })}fff\r\n{"cho`),
    ],
  ];

  test.each(bad)("that %s is an error of status %d", async (_, status, behaviour) => {
    const { model } = await gateway.provider(behaviour);
    const { message, type, ...error } = await errorOf(await gateway.chat(model));
    expect(error.status).toBe(status);
    expect(message).toStartWith("p-");
    expect(type).toBeString();
  });

  test.each(bad)("that %s is followed by the next", async (_, _status, behaviour) => {
    const { model } = await two(behaviour, good);
    const reply = await gateway.chat(model);
    expect([reply.status, await reply.text()]).toEqual([200, text]);
  });

  test("that redirects is not followed: nobody else gets the key", async () => {
    const thief = await gateway.provider(good);
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `${thief.upstream.url}/v1/chat/completions`;
      const { model } = await gateway.provider(json("", status, { location }), { keys: 1 });
      expect((await gateway.chat(model)).status).toBe(502);
    }
    expect(thief.upstream.requests).toEqual([]);
  });
});

describe("a stream", () => {
  const [role = "", first = ""] = pieces("a");
  const cut =
    (texts: string[], end: string): Behaviour =>
    (request, socket) => {
      events(texts, { end: false })(request, socket);
      socket.end(end);
    };
  const silent = (texts: string[]) => events(texts, { end: false });
  const early: [string, Behaviour][] = [
    ["with an error for its first event", events([data({ error: { message: "overloaded" } })])],
    ["that ends after the role", events([role])],
    ["that breaks off after the role", cut([role], "")],
    ["that is silent after the role", silent([role])],
    ["that is silent from the start", () => {}],
    ["of garbage", events(["data: {]\n\n"])],
    ["of no events", json(completion("hi"))],
    ["cut within its first event", cut([role, 'data: {"choi'], "")],
  ];

  test.each(early)("%s is followed by the next provider's, unnoticed", async (_, behaviour) => {
    const { model } = await two(behaviour, events(pieces("a", "b")));
    const reply = await gateway.chat(model, { stream: true });
    expect([reply.status, reply.headers.get("x-nexora-attempts")]).toEqual([200, "2"]);
    const all = pieces("a", "b").filter((each) => !each.includes('"usage"'));
    expect(await reply.text()).toBe(all.join(""));
  });

  const late: [string, (socket: Socket) => void][] = [
    ["ends", (socket) => socket.write("0\r\n\r\n")],
    ["breaks off", (socket) => socket.end()],
    ["breaks off within an event", (socket) => socket.end(chunk('data: {"choices":[{"de'))],
    ["falls silent", () => {}],
    ["is not HTTP any more", (socket) => socket.end("!!!!")],
    ["has an event of garbage", (socket) => socket.write(chunk("data: {]\n\n"))],
    ["has an error", (socket) => socket.write(chunk(data({ error: { message: "overloaded" } })))],
  ];

  test.each(late)("that %s after its first output ends in an error", async (_, spoil) => {
    let upstream: Socket | undefined;
    const begin: Behaviour = (request, socket) => {
      upstream = socket;
      silent([role, first])(request, socket);
    };
    const { model, asked } = await two(begin, events(pieces("a", "b")));
    const reader = readerOf(await gateway.chat(model, { stream: true }));
    await reader.until(first);
    if (upstream) spoil(upstream);
    const received = await reader.rest();
    expect(received).toStartWith(role + first);
    const [last = ""] = received.slice((role + first).length).split("\n\n");
    expect(JSON.parse(last.replace(/^data: /, ""))).toMatchObject({
      error: { message: expect.any(String) },
    });
    expect(received).not.toContain("[DONE]");
    expect(asked()).toBe(1);
    expect((await gateway.requests()).at(-1)?.status).toBeGreaterThanOrEqual(500);
  });

  test("that is cut off is an error of Anthropic's for its clients", async () => {
    const { model } = await gateway.provider(events([role, first]));
    const body = {
      model,
      max_tokens: 9,
      stream: true,
      messages: [{ role: "user", content: "hi" }],
    };
    const received = await (await gateway.post("/v1/messages", body)).text();
    expect(received).toContain('"text":"a"');
    expect(received).toContain("event: error\n");
    expect(received).not.toContain("message_stop");
  });

  test("that is cut off again and again opens the breaker, as what fails at once does", async () => {
    const { id, model } = await gateway.provider(events([role, first]));
    for (let time = 0; time < 5; time++) {
      const reply = await gateway.chat(model, { stream: true });
      expect(await reply.text()).toContain("error");
    }
    expect(await gateway.status(id)).toMatchObject([{ state: "open" }]);
    expect((await gateway.chat(model, { stream: true })).status).toBe(503);
  });

  test("left early counts what has come, whatever its provider has said by then", async () => {
    const texts = Array.from({ length: 40 }, (_, at) => `word${at} `);
    const started = data({
      id: "c1",
      choices: [],
      usage: { prompt_tokens: 7, completion_tokens: 1 },
    });
    const all = pieces(...texts).slice(0, 41);
    const { model } = await gateway.provider(silent([started, ...all]));
    const reader = readerOf(await gateway.chat(model, { stream: true }));
    await reader.until(all.at(-1) ?? "");
    await reader.cancel();
    const seen = async () => (await gateway.requests()).find((it) => it.asked === model);
    while (!(await seen()));
    expect((await seen())?.outputTokens).toBeGreaterThanOrEqual(40);
  });

  test("is broken off at the provider when its client goes, before its output and after", async () => {
    for (const texts of [[], [role], [role, first]]) {
      const { model, upstream } = await gateway.provider(silent(texts));
      const gone = new AbortController();
      const reply = gateway.chat(model, { stream: true }, { signal: gone.signal });
      if (texts.length === 2) await (await reply).body?.getReader().read();
      else await upstream.until(() => upstream.requests.length === 1);
      gone.abort();
      await reply.catch(() => {});
      await upstream.until(() => upstream.open === 0);
      const isOver = async () => (await gateway.requests()).some((it) => it.asked === model);
      while (!(await isOver()));
      const [over] = (await gateway.requests()).filter((it) => it.asked === model);
      expect(over?.status).toBe(499);
    }
  });

  test("comes as it is sent, and not later", async () => {
    let more = (_: string) => {};
    const { model } = await gateway.provider((request, socket) => {
      silent([role, first])(request, socket);
      more = (text) => socket.write(text);
    });
    const reader = readerOf(await gateway.chat(model, { stream: true }));
    await reader.until(first);
    for (const text of ["b", "c", "d"]) {
      const [, piece = ""] = pieces(text);
      more(chunk(piece));
      await reader.until(piece);
    }
    more(`${chunk("data: [DONE]\n\n")}0\r\n\r\n`);
    await reader.until("data: [DONE]\n\n");
  });
});

describe("a bad request", () => {
  const refused = async (reply: Response) => {
    const { status, message } = await errorOf(reply);
    return `${status} ${message}`;
  };

  test("is told what is wrong with it", async () => {
    const path = "/v1/chat/completions";
    expect(await refused(await gateway.post(path, '{"model":'))).toContain(
      "400 the body is not valid JSON",
    );
    expect(await refused(await gateway.post(path, ""))).toContain("400 the body is empty");
    expect(await refused(await gateway.post(path, "[]"))).toContain(
      "400 the body is not a JSON object",
    );
    expect(await refused(await gateway.post(path, {}))).toContain("400 the request names no model");
    expect(await refused(await gateway.fetch(path))).toContain("405");
    expect(await refused(await gateway.post("/v1/nothing", {}))).toContain("404");
  });

  test("for a model that nobody has is told the nearest names", async () => {
    const model = `very-particular-${gateway.name()}`;
    await gateway.provider(good, { model });
    const said = await refused(await gateway.chat(`${model.slice(0, -1)}x`));
    expect(said).toContain("404");
    expect(said).toContain(model);
  });

  test("of 50 MB is refused, and read to its end, so that the client hears of it", async () => {
    const content = "x".repeat(50 * 1000 * 1000);
    const reply = await gateway.chat("any", { messages: [{ role: "user", content }] });
    expect(await refused(reply)).toContain("413");
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 50; at++) controller.enqueue(new Uint8Array(1000 * 1000).fill(32));
        controller.close();
      },
    });
    const streamed = await gateway.fetch("/v1/messages", { method: "POST", body });
    expect(streamed.status).toBe(413);
  });

  test("without a token, from a web page or by another name is refused", async () => {
    const without = { headers: { authorization: "Bearer nxt_nonsense" } };
    expect((await gateway.chat("any", {}, without)).status).toBe(401);
    const page = { headers: { origin: "https://example.com" } };
    expect((await gateway.chat("any", {}, page)).status).toBe(403);
    const other = { headers: { host: "rebound.example" } };
    expect((await gateway.chat("any", {}, other)).status).toBe(403);
  });

  test("with a model's name that is none is refused, and nobody is asked", async () => {
    for (const name of ["ollama/a\u0000b", "ollama/a\nb", "ollama/\ud800", " "]) {
      expect((await gateway.chat(name)).status).toBe(400);
    }
  });

  test("is refused in the words of its own protocol", async () => {
    const reply = await gateway.post("/v1/messages", "{");
    expect(await reply.json()).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error", message: expect.any(String) },
    });
  });
});
