import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { connectDocker } from "../../daemon/drivers/docker/connect.ts";
import { bootstrap } from "../../daemon/drivers/docker/images/bootstrap.ts";
import { contextFromTar } from "../../daemon/drivers/docker/images/context.ts";
import { createImageStore } from "../../daemon/drivers/docker/images/store.ts";
import type { ImageStore } from "../../daemon/drivers/driver.ts";
import { packContext } from "../../scripts/context.ts";
import { playwrightFiles } from "../../scripts/playwright.ts";
import { seccompProfile } from "../../scripts/seccomp.ts";
import { asNexoraError, type ErrorBody } from "../../src/contract/errors.ts";
import type { BuildEvent, Image } from "../../src/contract/image.ts";
import { runScript } from "../support/containers.ts";

const root = join(import.meta.dir, "../..");
const docker = connectDocker();
const base = { target: "base", noCache: false } as const;

let store: ImageStore;
let events: BuildEvent[];
let image: Image;

beforeAll(async () => {
  const runner = join(root, "dist/nexora-runner");
  if (!existsSync(runner)) {
    await Bun.$`${process.execPath} scripts/build.ts --only=runner`.cwd(root).quiet();
  }
  const more = await playwrightFiles(root);
  const tar = await packContext({ folder: join(root, "docker/workstation"), runner, more });
  store = createImageStore({ docker, context: contextFromTar(tar) });
  events = await Array.fromAsync(store.build(base));
  const last = events.at(-1);
  if (last?.type !== "done") throw new Error(`the build ended with ${JSON.stringify(last)}`);
  image = last.image;
}, 900_000);

describe("building the base image", () => {
  test("names, labels and measures it", async () => {
    const info = await docker.getImage("nexora-workstation:base").inspect();
    expect(image).toMatchObject({
      id: info.Id,
      reference: "nexora-workstation:base",
      target: "base",
      sizeBytes: info.Size,
      current: true,
    });
    expect(info.Config.Labels?.["nexora.target"]).toBe("base");
    expect(info.Config.Labels?.["nexora.context"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("tells its steps in order", () => {
    const steps = events.filter((event) => event.type === "step");
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, at) => at + 1));
    expect(new Set(steps.map((event) => event.steps))).toEqual(new Set([steps.length]));
  });

  test("tells every layer with its size, and the layers make up the image", () => {
    const layers = events.filter((event) => event.type === "layer");
    expect(layers.map(({ text }) => text)).toContainEqual(expect.stringContaining("apt-install"));
    expect(layers.reduce((sum, layer) => sum + layer.sizeBytes, 0)).toBe(image.sizeBytes);
  });

  test("an image built from another context is not current", async () => {
    const other = createImageStore({ docker, context: contextFromTar(new Uint8Array(1)) });
    const found = (await other.list()).find(({ id }) => id === image.id);
    expect(found?.current).toBe(false);
  });
});

describe("what the base image holds", () => {
  test("every tool that it promises, for any user", async () => {
    const tools =
      "Xvnc fluxbox xterm bash vim nano tmux git curl python3 xdotool htop less scrot xclip";
    const missing = await run(
      `for it in ${tools}; do command -v $it > /dev/null || echo $it; done`,
    );
    expect(missing).toEqual({ status: 0, output: "" });
  });

  test("a shell that marks its prompt and the end of each command, whatever the user's files set", async () => {
    const { output } = await run(`
      export HOME=/tmp TERM=xterm-256color
      echo 'PROMPT_COMMAND="true"; PS1="> "' > /tmp/.bashrc
      printf 'false\\nexit\\n' | script -qec 'bash -i' /dev/null`);
    const marks = [...output.matchAll(/\x1b\]133;([^\x07]*)\x07/g)].map((match) => match[1]);
    expect(marks).toEqual(["A", "B", "C", "D;1", "A", "B", "C"]);
  });

  test("git takes a workspace that belongs to another user", async () => {
    const script = "git init -q /tmp/w && git -C /tmp/w config --get-all safe.directory";
    expect((await run(script)).output).toBe("*");
  });
});

describe("the seccomp profile", () => {
  test("is the one that its script makes", async () => {
    const file = await Bun.file(join(root, "docker/workstation/seccomp.json")).json();
    expect(file).toEqual(seccompProfile());
  });

  test.each([
    ["chmod", "touch /tmp/f && chmod 4755 /tmp/f"],
    ["chmod of the group's bit", "touch /tmp/g && chmod 2755 /tmp/g"],
    ["creat", `python3 -c 'import os; os.open("/tmp/o", os.O_CREAT | os.O_WRONLY, 0o4755)'`],
    ["O_TMPFILE", `python3 -c 'import os; os.open("/tmp", os.O_TMPFILE | os.O_RDWR, 0o4755)'`],
    ["mknod", `python3 -c 'import os; os.mknod("/tmp/n", 0o104755)'`],
    ["a mount namespace", "unshare --user --mount true"],
    ["packet sockets", "python3 -c 'import socket; socket.socket(17, 3, 0)'"],
  ])("refuses a set-id bit or more than a browser needs: %s", async (_, script) => {
    const { status, output } = await run(script);
    expect(status).not.toBe(0);
    expect(output).toContain("Operation not permitted");
  });

  test("lets Chromium's sandbox have its user namespace, and tar and chmod do their work", async () => {
    const script = `unshare --user true && cd /tmp && echo x > a && chmod 1755 a && chmod 640 a &&
      tar c a | tar x -C /run && stat -c %a /run/a`;
    expect(await run(script)).toEqual({ status: 0, output: "640" });
  });
});

describe("what cannot be built or removed says why", () => {
  test("an unknown target", async () => {
    const target = "huge" as unknown as "base";
    expect(await failure({ ...base, target })).toMatchObject({
      code: "usage",
      message: expect.stringContaining("huge"),
      hint: expect.stringContaining("base, full"),
    });
  });

  test("a base image that is no reference", async () => {
    const error = await failure({ ...base, baseImage: "No Such Image" });
    expect(error).toMatchObject({ code: "usage", message: expect.stringContaining("No Such") });
  });

  test("a base image that nobody has", async () => {
    const error = await failure({ ...base, baseImage: "registry.invalid/none:1" });
    expect(error).toMatchObject({
      code: "engine_failed",
      message: expect.stringContaining("registry.invalid/none:1"),
      hint: expect.stringContaining("--base-image"),
    });
  });

  test("a build that is aborted while a command runs ends at once", async () => {
    const controller = new AbortController();
    const build = async () => {
      for await (const event of store.build({ ...base, noCache: true }, controller.signal)) {
        if (event.type === "log" && event.text.startsWith("Get:")) controller.abort();
      }
    };
    await expect(build()).rejects.toMatchObject({ code: "interrupted" });
    expect((await docker.getImage("nexora-workstation:base").inspect()).Id).toBe(image.id);
  });

  test("an image that is not ours", async () => {
    await expect(store.remove("debian:trixie-slim")).rejects.toMatchObject({ code: "not_found" });
    await expect(store.remove("no such thing")).rejects.toMatchObject({ code: "not_found" });
  });

  test("an image that a container uses, naming the container", async () => {
    const name = `nexora-test-${randomBytes(4).toString("hex")}`;
    const container = await docker.createContainer({ name, Image: image.id });
    try {
      await expect(store.remove("base")).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining(name),
      });
    } finally {
      await container.remove({ force: true });
    }
  });
});

describe("without a registry", () => {
  const reference = `nexora-test-${randomBytes(4).toString("hex")}:trixie`;
  afterAll(() => docker.getImage(reference).remove());

  test("the base is made from Debian's mirror and imported under its name", async () => {
    await Array.fromAsync(bootstrap(docker, { reference, suite: "trixie" }));
    const script = ". /etc/os-release && echo $VERSION_CODENAME";
    const made = await runScript(docker, { image: reference, script, seccomp: seccompProfile() });
    expect(made).toEqual({ status: 0, output: "trixie" });
  }, 300_000);
});

/** Runs a script in the image as a workstation would: hardened, as a user that has no name. */
function run(script: string) {
  return runScript(docker, { image: image.id, script, seccomp: seccompProfile() });
}

async function failure(
  options: Parameters<ImageStore["build"]>[0],
  signal?: AbortSignal,
): Promise<ErrorBody> {
  try {
    const last = (await Array.fromAsync(store.build(options, signal))).at(-1);
    throw new Error(`the build ended with ${JSON.stringify(last)}`);
  } catch (error) {
    return asNexoraError(error).toJSON();
  }
}
