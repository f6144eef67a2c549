import { describe, expect, test } from "bun:test";
import { bashCompletion } from "../../../../cli/completion/bash.ts";
import { fishCompletion } from "../../../../cli/completion/fish.ts";
import { zshCompletion } from "../../../../cli/completion/zsh.ts";
import { verbs } from "../../../../cli/verbs.ts";

/** What bash offers for the last of these words. */
async function complete(...words: string[]): Promise<string[]> {
  const script = `
    nexora() { if [[ $1 == session ]]; then printf 'NAME STATE\\nweb running\\napi stopped\\n'; fi; }
    ${bashCompletion(verbs)}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nexora
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const child = Bun.spawn(["bash", "-c", script, "bash", "nexora", ...words], {
    stderr: "inherit",
  });
  return (await new Response(child.stdout).text()).split("\n").filter(Boolean);
}

describe("bash completion", () => {
  test("offers verbs, then the verbs of a noun", async () => {
    expect(await complete("s")).toEqual(["session", "screen"]);
    expect(await complete("session", "r")).toEqual(["rename", "rm"]);
  });

  test("offers the flags of the verb", async () => {
    expect(await complete("type", "x", "--en")).toEqual(["--enter"]);
    expect(await complete("session", "new", "--me")).toEqual(["--memory"]);
  });

  test("offers the choices of a flag and of an argument", async () => {
    expect(await complete("session", "new", "--network", "")).toEqual(["full", "none"]);
    expect(await complete("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("offers the names of the sessions", async () => {
    expect(await complete("session", "rm", "w")).toEqual(["web"]);
    expect(await complete("type", "-s", "")).toEqual(["web", "api"]);
    expect(await complete("-s", "web", "session", "ren")).toEqual(["rename"]);
  });
});

test.each([
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
])("%s completion knows every verb and flag", (_, script) => {
  const text = script(verbs);
  for (const verb of verbs) {
    for (const word of verb.words) expect(text).toContain(word);
    for (const flag of verb.flags) expect(text).toContain(flag.name);
  }
});
