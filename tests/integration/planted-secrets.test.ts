import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { TestDaemon } from "../support/daemon.ts";
import { NexoraCli } from "../support/nexora-cli.ts";

/** Nothing like it is anywhere else, and no part of it is like another. */
const planted = () => randomBytes(24).toString("base64url");
const passphrase = `${planted()} ${planted()}`;

/** What would give a secret away: its end and pieces of it. Shorter ones stand somewhere by chance. */
function tracesOf(secret: string): Buffer[] {
  const pieces = [secret.slice(-7)];
  for (let at = 0; at + 8 <= secret.length; at += 4) pieces.push(secret.slice(at, at + 8));
  return pieces.flatMap((piece) => [
    Buffer.from(piece),
    Buffer.from(Buffer.from(piece).toString("hex")),
  ]);
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

test("no log, reply or file has more of a key than its last four characters", async () => {
  await using daemon = await TestDaemon.start(undefined, {
    NEXORA_LOG: "debug",
    // Its files are those of the home.
    NEXORA_DATABASE_URL: "",
  });
  const secrets: string[] = [passphrase];
  const secret = () => {
    const text = planted();
    secrets.push(text);
    return text;
  };
  const replies: string[] = [];
  const call = async (method: string, path: string, body?: object) => {
    const init = { method, ...(body ? { body: JSON.stringify(body) } : {}) };
    const reply = await daemon.fetch(path, init);
    const text = await reply.text();
    replies.push(`${JSON.stringify([...reply.headers])} ${text}`);
    return text;
  };
  const nexora = async (input: string, ...words: string[]) => {
    const client = new NexoraCli(daemon, "TCP").start(...words);
    client.stdin.write(input);
    await client.stdin.end();
    replies.push(await new Response(client.stdout).text());
    replies.push(await new Response(client.stderr).text());
    return client.exited;
  };

  // What succeeds.
  await call("POST", "/v1/keys", { provider: "openai", key: secret() });
  await call("PUT", "/v1/keys/openai", { key: secret(), expires: "2099-01-31" });
  expect(await nexora(`${secret()}\n`, "keys", "set", "groq", "--json")).toBe(0);
  expect(await nexora(secret(), "keys", "rotate", "groq")).toBe(0);
  expect(await nexora("", "keys", "ls", "--json")).toBe(0);
  await call("POST", "/v1/vault/rotate-master");
  const kept = join(daemon.home, "kept.backup");
  expect(await nexora(passphrase, "keys", "backup", kept)).toBe(0);
  expect(await nexora(passphrase, "keys", "restore", "--replace", kept)).toBe(0);
  const { backup } = JSON.parse(await call("POST", "/v1/vault/backup", { passphrase }));

  // What fails, wherever the secret was put.
  await call("POST", "/v1/keys", { provider: "openai", key: secret() });
  await call("POST", "/v1/keys", { provider: "mistral", key: `${secret()} with a space` });
  await call("POST", "/v1/keys", { provider: "mistral", key: secret().repeat(200) });
  await call("POST", "/v1/keys", { provider: "mistral", key: [secret()] });
  await call("POST", "/v1/keys", { provider: secret(), key: secret() });
  await call("POST", "/v1/keys", { provider: "mistral", name: secret(), key: secret() });
  await call("POST", "/v1/keys", { provider: "mistral", key: secret(), expires: "2020-01-31" });
  await call("PUT", "/v1/keys/nobody", { key: secret() });
  await call("POST", "/v1/vault/restore", { backup: secret(), passphrase });
  await call("POST", "/v1/vault/restore", { backup, passphrase: secret() });
  expect(await nexora(secret(), "keys", "restore", kept)).toBe(3);
  expect(await nexora("", "keys", "set", "openai", secret())).toBe(2);
  expect(await nexora("", "keys", "set", "openai", `--key=${secret()}`)).toBe(2);
  expect(await nexora(`${secret()}\nand more`, "keys", "set", "xai")).toBe(2);
  await call("GET", "/v1/audit");
  await call("GET", "/v1/events");
  await daemon.end();

  const places = new Map<string, Buffer>([["replies", Buffer.from(replies.join("\n"))]]);
  for (const path of filesIn(daemon.home)) places.set(path, readFileSync(path));
  expect([...places.keys()].filter((path) => path.endsWith(".log"))).not.toEqual([]);
  expect([...places.keys()].some((path) => path.includes("/data/"))).toBe(true);
  const found: string[] = [];
  for (const [at, text] of secrets.entries()) {
    for (const trace of tracesOf(text)) {
      for (const [place, content] of places) {
        if (content.includes(trace)) found.push(`secret ${at}: ${trace} in ${place}`);
      }
    }
  }
  expect(found).toEqual([]);
});
