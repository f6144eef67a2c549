import { expect, test } from "bun:test";
import { exhausted, type PortHolder } from "../../../../daemon/ports/exhausted.ts";

const holder = (port: number, pool: "vnc" | "cdp", name: string): PortHolder => ({
  port,
  pool,
  session: { id: `s_${name}`, name },
});

test("only the pool that has no port left is described, by port", () => {
  const error = exhausted(
    { vnc: [5900, 5901], cdp: [9222, 9321] },
    [holder(5901, "vnc", "web"), holder(9222, "cdp", "web")],
    [5900],
  );
  expect(error.code).toBe("ports_exhausted");
  expect(error.message).toBe(
    "no port is free: VNC 5900–5901 is used by another program (5900), web (5901)",
  );
  expect(error.hint).toContain("nexora session rm");
});

test("both pools are described when both are full", () => {
  const error = exhausted(
    { vnc: [5900, 5900], cdp: [9222, 9222] },
    [holder(5900, "vnc", "a"), holder(9222, "cdp", "a")],
    [],
  );
  expect(error.message).toContain("VNC 5900–5900 is used by a (5900); CDP 9222–9222 is used by");
});

test("a long list of holders is counted, and complete in the details", () => {
  const holders = Array.from({ length: 100 }, (_, at) => holder(5900 + at, "vnc", `s${at}`));
  const error = exhausted({ vnc: [5900, 5999], cdp: [9222, 9321] }, holders, []);
  expect(error.message).toContain("s19 (5919), and 80 more");
  expect(error.details?.holders).toHaveLength(100);
});

test("ports outside of the pool do not count as held", () => {
  const error = exhausted(
    { vnc: [5900, 5900], cdp: [9222, 9222] },
    [holder(6000, "vnc", "old"), holder(5900, "vnc", "now")],
    [9300],
  );
  expect(error.message).toBe("no port is free: VNC 5900–5900 is used by now (5900)");
});
