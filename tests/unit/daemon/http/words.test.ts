import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { apiWords, inApiWords } from "../../../../daemon/http/api/words.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";

test.each([
  ["see `nexora session ls`", "see `GET /v1/sessions`"],
  ["start it with `nexora session start web`", "start it with `POST /v1/sessions/web/start`"],
  ["end one with `nexora session rm NAME`", "end one with `DELETE /v1/sessions/{session}`"],
  ["`nexora session logs`", "`GET /v1/sessions/{session}/logs`"],
  ["use `nexora token new NAME --scope act`", 'use `POST /v1/tokens` with {"scope":"act"}'],
  ["or with `nexora token rm ci`", "or with `DELETE /v1/tokens/ci`"],
  ["see `nexora daemon logs`", "see the daemon's log"],
  ["give a folder with --workspace", "give a folder with `workspace`"],
  ["(raise --memory)", "(raise `memoryBytes`)"],
  ["leave --no-cache out", "leave `noCache` out"],
  ["`chown -R USER FOLDER` and `docker load`", "`chown -R USER FOLDER` and `docker load`"],
  [
    '"npm init --workspace \\" a" runs (--timeout)',
    '"npm init --workspace \\" a" runs (`timeoutMs`)',
  ],
  ['there is no field "--memory"', 'there is no field "--memory"'],
])("%s: %s", (text, expected) => {
  expect(apiWords(text)).toBe(expected);
});

test("what people read is put so wherever it stands, and nothing else is touched", () => {
  const told = "run `nexora doctor`";
  const put = "run `GET /v1/doctor`";
  expect(
    inApiWords({
      stdout: told,
      lines: [told],
      checks: [{ name: told, hint: told, message: told }],
      notices: [told, told],
      reason: null,
      error: new NexoraError("usage", told, { hint: told }),
    }),
  ).toEqual({
    stdout: told,
    lines: [told],
    checks: [{ name: told, hint: put, message: put }],
    notices: [put, put],
    reason: null,
    error: { code: "usage", message: put, hint: put },
  });
});

test("of all that the daemon and the runner say, nothing reaches an HTTP client in the shell's words", () => {
  const root = join(import.meta.dir, "../../../..");
  const places = ["daemon/**/*.ts", "docker/**/*.ts", "src/{keys,rfb,runner}/**/*.ts"];
  const files = places.flatMap((pattern) => [...new Glob(pattern).scanSync({ cwd: root })]);
  const texts = files
    .filter((name) => !/\.test\.ts$|\/words\.ts$/.test(name))
    .flatMap((name) => readFileSync(join(root, name), "utf8").split("\n"))
    .filter(
      (line) =>
        /nexora |[\s(]--[a-z]/.test(line) &&
        !/^\s*(\*|\/\/|\/\*)|\[\.{0,3}\[?"|Bun\.spawn/.test(line),
    );
  expect(texts.length).toBeGreaterThan(40);
  const wrong = texts
    // The quotes are the source's own.
    .map((line) =>
      apiWords(
        line
          .replaceAll('"', "")
          .replaceAll("\\`", "`")
          .replaceAll(/\$\{[^}]*\}/g, "X"),
      ),
    )
    .filter((line) => /`nexora |hint.*[\s(]--?[a-zA-Z]\w/.test(line));
  expect(wrong).toEqual([]);
});
