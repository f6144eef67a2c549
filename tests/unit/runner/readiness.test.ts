import { expect, test } from "bun:test";
import { Readiness } from "../../../docker/workstation/runner/readiness.ts";

function create() {
  const said: string[] = [];
  const readiness = new Readiness({
    ready: () => said.push("ready"),
    failed: (part) => said.push(`failed ${part}`),
  });
  return { readiness, said };
}

test("READY is said once, when every part is up, in any order", () => {
  const { readiness, said } = create();
  readiness.report("terminal", true, "");
  readiness.report("display", true, "");
  expect([readiness.ready, ...said]).toEqual([false]);
  readiness.report("window manager", true, "");
  readiness.report("window manager", false, "");
  readiness.report("window manager", true, "");
  expect([readiness.ready, ...said]).toEqual([true, "ready"]);
});

test("a part that goes down later shows in the checks", () => {
  const { readiness } = create();
  readiness.report("display", true, "it answers");
  readiness.report("display", false, "it has died");
  expect(readiness.isUp("display")).toBe(false);
  expect(readiness.checks()[0]).toEqual({ name: "display", ok: false, message: "it has died" });
});
