import { expect, test } from "bun:test";
import { compareVersions } from "../../../../../daemon/drivers/docker/connect.ts";
import { engineError, unreachable } from "../../../../../daemon/drivers/docker/errors.ts";
import { NexoraError } from "../../../../../src/contract/errors.ts";

function said(statusCode: number, message: string): NexoraError {
  return engineError({ statusCode, json: { message } }, "start it") as NexoraError;
}

test("what the engine says becomes an error with a next step", () => {
  const image = said(404, "No such image: nexora-workstation:full");
  expect(image.code).toBe("image_missing");
  expect(image.message).toContain("nexora-workstation:full");
  expect(image.hint).toContain("nexora image build");

  const port = said(
    500,
    "driver failed: Bind for 127.0.0.1:5901 failed: port is already allocated",
  );
  expect(port.code).toBe("conflict");
  expect(port.message).toContain("5901");
  expect(port.details).toEqual({ port: 5901 });
  expect(said(409, "the container name is in use").details).toBeUndefined();

  expect(said(500, "mkdir /var/lib/docker/x: no space left on device").code).toBe("disk_full");
  expect(said(400, "bind source path does not exist: /x").code).toBe("workspace_not_found");
});

test("anything else keeps the engine's words", () => {
  const error = said(500, "OCI runtime create failed");
  expect(error.code).toBe("engine_failed");
  expect(error.message).toContain("could not start it: OCI runtime create failed");
});

test("our own errors and aborts pass unchanged", () => {
  const own = new NexoraError("conflict", "mine");
  expect(engineError(own, "x")).toBe(own);
  const { reason } = AbortSignal.abort();
  expect(engineError(reason, "x")).toBe(reason);
});

test.each([
  ["EACCES", "permission denied", "docker group|usermod"],
  ["ENOENT", "no such socket", "install"],
  ["ECONNREFUSED", "refused", "start it"],
])("an engine that is not reached (%s) names the socket and the remedy", (code, why, remedy) => {
  const thrown = Object.assign(new Error("connect refused"), { code });
  const error = unreachable(thrown, "the Docker engine at /run/x.sock") as NexoraError;
  expect(error.code).toBe("engine_unreachable");
  expect(error.message).toContain("/run/x.sock");
  expect(error.message).toContain(why);
  expect(error.hint).toMatch(new RegExp(remedy));
});

test("versions are ordered by their numbers", () => {
  expect(compareVersions("1.9", "1.40")).toBeLessThan(0);
  expect(compareVersions("1.40", "1.40")).toBe(0);
  expect(compareVersions("1.41", "1.40")).toBeGreaterThan(0);
  expect(compareVersions("2", "1.40")).toBeGreaterThan(0);
});
