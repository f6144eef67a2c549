import { expect, test } from "bun:test";
import { operations } from "../../../src/contract/index.ts";
import type { Beside } from "../../../src/mcp/options.ts";
import { Watching } from "../../../src/mcp/watching.ts";

const [a, b] = ["nexora://session/a/screen", "nexora://session/b/screen.png"];

/** What is followed: the test says what happens to it. */
class Source {
  readonly running = new Map<string, ReadableStreamDefaultController<{ rev: string }>>();
  private sessions = ["a", "b"];
  begun = 0;

  readonly beside: Beside = {
    call: async () => ({ sessions: this.sessions.map((name) => ({ name, state: "running" })) }),
    follow: (id, fields, signal) => {
      const key = id === "events" ? "events" : `${fields.session} ${fields.of}`;
      this.begun++;
      return new ReadableStream({
        start: (controller) => {
          this.running.set(key, controller);
          if (id === "watch") controller.enqueue({ rev: "0" });
          signal.addEventListener("abort", () => {
            if (this.running.get(key) === controller && this.running.delete(key))
              controller.close();
          });
        },
        // The item's type follows from the operation, which only the caller knows.
      }) as never;
    },
  };

  change(what: string, rev: string): void {
    this.running.get(what)?.enqueue({ rev });
  }

  sessionsAre(...names: string[]): void {
    this.sessions = names;
    this.change("events", "");
  }

  get followed(): string[] {
    return [...this.running.keys()].sort();
  }
}

function watch(source: Source) {
  const told: string[] = [];
  let more = Promise.withResolvers<void>();
  const tell = (what: string) => {
    told.push(what);
    more.resolve();
    more = Promise.withResolvers();
  };
  const its = { operations, session: null, beside: source.beside };
  const watching = new Watching(its, {
    screenChanged: tell,
    sessionsChanged: () => tell("sessions"),
  });
  const heard = async (count: number) => {
    while (told.length < count) await more.promise;
    return told.splice(0);
  };
  return { watching, heard, told };
}

test("only what is wanted is watched, and only while somebody hears", async () => {
  const source = new Source();
  const { watching } = watch(source);
  await watching.want({ screens: new Set([a]), sessions: false });
  expect(source.followed).toEqual([]);
  await watching.hear(true);
  expect(source.followed).toEqual(["a text", "events"]);
  await watching.wantScreen(b, true);
  expect(source.followed).toEqual(["a text", "b pixels", "events"]);
  await watching.wantScreen(a, false);
  expect(source.followed).toEqual(["b pixels", "events"]);
  await watching.hear(false);
  expect(source.followed).toEqual([]);
  await watching.hear(true);
  watching[Symbol.dispose]();
  expect(source.followed).toEqual([]);
});

test("what is wanted when the connection is over is not watched", async () => {
  const source = new Source();
  const { watching } = watch(source);
  await watching.hear(true);
  watching[Symbol.dispose]();
  await watching.wantScreen(a, true);
  await watching.hear(true);
  expect(source.begun).toBe(0);
});

test("each change is told once, and what came while nobody heard when somebody does", async () => {
  const source = new Source();
  const { watching, heard } = watch(source);
  await watching.hear(true);
  await watching.want({ screens: new Set([a, b]), sessions: true });
  source.change("a text", "1");
  source.change("a text", "1");
  source.change("b pixels", "2");
  expect((await heard(2)).sort()).toEqual([a, b]);
  await watching.hear(false);
  // It begins with what there is now, which is not what the client was told of.
  await watching.hear(true);
  expect((await heard(2)).sort()).toEqual([a, b]);
  watching[Symbol.dispose]();
});

test("sessions that come and go are told of, other events are not", async () => {
  const source = new Source();
  const { watching, heard } = watch(source);
  await watching.hear(true);
  await watching.want({ screens: new Set([a]), sessions: true });
  source.sessionsAre("a", "b");
  source.sessionsAre("a");
  source.change("a text", "1");
  expect((await heard(2)).sort()).toEqual([a, "sessions"]);
  watching[Symbol.dispose]();
});

test("a screen whose session has ended is watched again when one begins", async () => {
  const source = new Source();
  const { watching, heard } = watch(source);
  await watching.hear(true);
  await watching.want({ screens: new Set([a]), sessions: false });
  source.running.get("a text")?.error(new Error("stopped"));
  source.running.delete("a text");
  source.change("events", "");
  while (!source.running.has("a text")) await Bun.sleep(1);
  source.change("a text", "1");
  expect(await heard(1)).toEqual([a]);
  watching[Symbol.dispose]();
});

test("a client watches a bounded number of screens", async () => {
  const { watching } = watch(new Source());
  const screens = new Set(Array.from({ length: 65 }, (_, at) => `nexora://session/s${at}/screen`));
  await expect(watching.want({ screens, sessions: false })).rejects.toThrow("64 screens at most");
});
