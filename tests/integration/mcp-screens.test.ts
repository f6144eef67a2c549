import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Client } from "@modelcontextprotocol/client";
import type { NexoraEvent } from "../../src/contract/events.ts";
import type { Output } from "../../src/contract/index.ts";
import type { Change } from "../../src/contract/watch.ts";
import { readLines } from "../../src/lines.ts";
import { TestDaemon } from "../support/daemon.ts";
import { overHttp, overStdio, type Revision } from "../support/mcp-clients.ts";

const name = "screens";
const uri = `nexora://session/${name}/screen`;

let daemon: TestDaemon;
beforeAll(async () => {
  daemon = await TestDaemon.start();
  await daemon.newSession({ name, workspace: null });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const doors: [door: string, revision: Revision, connect: () => Promise<Client>][] = [
  ["HTTP", "auto", () => overHttp(daemon, "", "auto")],
  ["HTTP, revision 2025-11-25", "legacy", () => overHttp(daemon, "")],
  ["stdio", "auto", () => overStdio(daemon, "auto")],
  ["stdio, revision 2025-11-25", "legacy", () => overStdio(daemon)],
];

/** What a client is told of, one after the other. */
class Heard {
  private readonly all: string[] = [];
  private more = Promise.withResolvers<void>();

  constructor(client: Client) {
    client.setNotificationHandler("notifications/resources/updated", ({ params }) =>
      this.add(params.uri),
    );
    client.setNotificationHandler("notifications/resources/list_changed", () => this.add("list"));
  }

  /** Resolves once it is heard, and forgets it and all before. */
  async next(what: string): Promise<void> {
    while (!this.all.includes(what)) await this.more.promise;
    this.all.length = 0;
  }

  forget(): void {
    this.all.length = 0;
  }

  private add(what: string): void {
    this.all.push(what);
    this.more.resolve();
    this.more = Promise.withResolvers();
  }
}

/** Has a client told of screens, and of sessions; what it returns ends that. */
async function listen(client: Client, revision: Revision, ...uris: string[]) {
  if (revision === "auto") {
    const filter = { resourceSubscriptions: uris, resourcesListChanged: true };
    const subscription = await client.listen(filter);
    expect(subscription.honoredFilter).toEqual(filter);
    return () => subscription.close();
  }
  await Promise.all(uris.map((each) => client.subscribeResource({ uri: each })));
  return () => Promise.all(uris.map((each) => client.unsubscribeResource({ uri: each })));
}

let typed = 0;
/** Changes the screen, and returns what it shows then. */
async function type(session = name): Promise<string> {
  const text = `typed${++typed}`;
  const fields = { text: `echo ${text}`, enter: true, wait: { prompt: true } };
  await daemon.call("POST", `/v1/sessions/${session}/type`, fields);
  return text;
}

describe.each(doors)("over %s", (_, revision, connect) => {
  let client: Client;
  let heard: Heard;
  beforeAll(async () => {
    client = await connect();
    heard = new Heard(client);
  });
  afterAll(() => client?.close());

  test("a screen is a resource, as text and as a picture", async () => {
    const { resources } = await client.listResources();
    expect(resources.find((each) => each.uri === uri)).toMatchObject({ mimeType: "text/plain" });
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "nexora://session/{session}/screen",
      "nexora://session/{session}/screen.png",
    ]);
    const text = await type();
    const [asText] = (await client.readResource({ uri })).contents;
    expect(asText).toMatchObject({ uri, text: expect.stringContaining(text) });
    const [asPicture] = (await client.readResource({ uri: `${uri}.png` })).contents;
    expect(asPicture).toMatchObject({ mimeType: "image/png" });
    const bytes = Buffer.from(asPicture && "blob" in asPicture ? asPicture.blob : "", "base64");
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  });

  test("what is not there cannot be read", async () => {
    const none = "nexora://session/nobody/screen";
    await expect(client.readResource({ uri: none })).rejects.toThrow("nobody");
    await expect(client.readResource({ uri: "nexora://x" })).rejects.toThrow("nexora://x");
    if (revision === "legacy") {
      await expect(client.subscribeResource({ uri: none })).rejects.toThrow("nobody");
    }
  });

  test("who subscribes to a screen is told when it changes", async () => {
    const end = await listen(client, revision, uri, `${uri}.png`);
    for (const each of [uri, `${uri}.png`]) {
      heard.forget();
      await type();
      await heard.next(each);
    }
    await end();
  });
});

describe("all at once", () => {
  let clients: { client: Client; heard: Heard; revision: Revision }[];
  beforeAll(async () => {
    clients = await Promise.all(
      doors.map(async ([, revision, connect]) => {
        const client = await connect();
        return { client, revision, heard: new Heard(client) };
      }),
    );
  });
  afterAll(() => Promise.all(clients.map(({ client }) => client.close())));

  test("clients are told when sessions come, go and come back, and of their screens then", async () => {
    const session = "comes";
    const its = `nexora://session/${session}/screen`;
    const all = (what: string) => Promise.all(clients.map(({ heard }) => heard.next(what)));
    const listed = async () => {
      const lists = await Promise.all(clients.map(({ client }) => client.listResources()));
      return new Set(lists.map(({ resources }) => resources.map((each) => each.name).join()));
    };
    await daemon.newSession({ name: session, workspace: null, idleMs: 60_000 });
    const ends = await Promise.all(
      clients.map(({ client, revision }) => listen(client, revision, its)),
    );
    for (const { heard } of clients) heard.forget();
    await daemon.call("POST", `/v1/sessions/${session}/stop`);
    await all("list");
    expect(await listed()).toEqual(new Set([name]));
    await daemon.call("POST", `/v1/sessions/${session}/start`);
    await all("list");
    expect(await listed()).toEqual(new Set([`${name},${session}`]));
    await type(session);
    await all(its);
    await Promise.all(ends.map((end) => end()));
  });
});

test("nothing watches a screen for a client that has unsubscribed or gone", async () => {
  const session = "watched";
  await daemon.newSession({ name: session, workspace: null, idleMs: 8000 });
  const its = `nexora://session/${session}/screen`;
  const connected = await Promise.all(
    [...doors, ...doors].map(async ([, revision, connect]) => {
      const client = await connect();
      return { client, end: await listen(client, revision, its, `${its}.png`) };
    }),
  );
  expect(await daemon.call("GET", `/v1/sessions/${session}`)).toMatchObject({ state: "running" });
  const stopped = eventOf("expired", session);
  // What is watched is in use, and stops when it is not.
  await Promise.all(
    connected.map(({ client, end }, at) => (at < doors.length ? end() : client.close())),
  );
  await stopped;
  await Promise.all(connected.map(({ client }) => client.close()));
});

/** Resolves with an event of a session, which may be past. */
async function eventOf(type: NexoraEvent["type"], session: string): Promise<NexoraEvent> {
  const headers = { accept: "application/x-ndjson" };
  const reply = await daemon.fetch(`/v1/events?follow=true&only=${session}`, { headers });
  for await (const event of items<NexoraEvent>(reply)) if (event.type === type) return event;
  throw new Error("the stream has ended");
}

/** The items of a reply in NDJSON, which may have empty lines as signs of life. */
async function* items<T>(reply: Response): AsyncGenerator<T> {
  for await (const line of readLines(reply.body ?? [])) if (line !== "") yield JSON.parse(line);
}

test("a client that is bound to a session sees that one alone", async () => {
  const bound = await overHttp(daemon, `session=${name}`, "auto");
  expect((await bound.listResources()).resources.map((each) => each.uri)).toEqual([uri]);
  await expect(bound.readResource({ uri: "nexora://session/x/screen" })).rejects.toThrow();
  await bound.close();
  const fields = { name: "sees-none", scope: "read", sessions: ["watched"] };
  const { token } = await daemon.call<Output<"token.new">>("POST", "/v1/tokens", fields);
  const other = await overHttp(daemon, "", "auto", token);
  expect(JSON.stringify((await other.listResources()).resources)).not.toContain(uri);
  await expect(other.readResource({ uri })).rejects.toThrow(name);
  await other.close();
});

test("a subscription ends with the token that it was made by", async () => {
  const fields = { name: "leaves", scope: "read" };
  const { token } = await daemon.call<Output<"token.new">>("POST", "/v1/tokens", fields);
  const client = await overHttp(daemon, "", "auto", token);
  const heard = new Heard(client);
  const subscription = await client.listen({ resourceSubscriptions: [uri] });
  await type();
  await heard.next(uri);
  await daemon.call("DELETE", "/v1/tokens/leaves");
  expect(await subscription.closed).not.toBe("local");
  await client.close();
});

test("a screen can be watched without the protocol: at first what is there, then each change", async () => {
  const path = `/v1/sessions/${name}`;
  const over = new AbortController();
  const options = { signal: over.signal };
  const changes = items<Change>(await daemon.fetch(`${path}/changes?everyMs=50`, options));
  const next = async (): Promise<Change> => (await changes.next()).value;
  const textRev = async () =>
    (await daemon.call<Output<"screen">>("GET", `${path}/screen?image=false`)).textRev;
  expect((await next()).rev).toBe(String(await textRev()));
  await type();
  const now = await textRev();
  let seen = await next();
  while (seen.rev !== now) seen = await next();
  over.abort();
});
