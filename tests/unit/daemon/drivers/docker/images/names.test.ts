import { expect, test } from "bun:test";
import { suiteOf } from "../../../../../../daemon/drivers/docker/images/bootstrap.ts";
import { isReference, targetOf } from "../../../../../../daemon/drivers/docker/images/names.ts";

test("only Debian's own images can be made from its mirror", () => {
  expect(suiteOf("debian:trixie-slim")).toBe("trixie");
  expect(suiteOf("docker.io/library/debian:bookworm")).toBe("bookworm");
  expect(suiteOf("library/debian:trixie")).toBe("trixie");
  for (const other of ["ubuntu:noble", "debian", "my/debian:trixie", "debian:trixie-20250101"]) {
    expect(suiteOf(other)).toBeNull();
  }
});

test("what could change a request's path is no reference", () => {
  for (const good of ["debian:trixie-slim", "registry.example:5000/a/b@sha256:0a", "0123abcd"]) {
    expect(isReference(good)).toBe(true);
  }
  for (const bad of ["", "a b", "a?force=1", "../containers/x", "a/../b", "-rf", "a\nb", "é"]) {
    expect(isReference(bad)).toBe(false);
  }
});

test("an image without our label has no target", () => {
  expect(targetOf({ "nexora.target": "full" })).toBe("full");
  expect(targetOf({ "nexora.target": "other" })).toBeNull();
  expect(targetOf(null)).toBeNull();
});
