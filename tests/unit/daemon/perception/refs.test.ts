import { describe, expect, test } from "bun:test";
import { Refs } from "../../../../daemon/perception/refs.ts";

const button = { kind: "accessibility", key: ":1.5/a/7", role: "button", name: "OK" } as const;
const other = { ...button, key: ":1.5/a/8" };

function caught(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

describe("references", () => {
  test("stay the same as long as the key does, and mean what was seen last", () => {
    const refs = new Refs(11);
    expect(refs.number("s1", button)).toBe("@e12");
    expect(refs.number("s1", other)).toBe("@e13");
    expect(refs.number("s1", { ...button, name: "Okay" })).toBe("@e12");
    expect(refs.resolve("s1", "@e12")).toEqual({ ...button, name: "Okay" });
  });

  test("of one session mean nothing in another, which has other numbers", () => {
    const refs = new Refs(0);
    const mine = refs.number("s1", button);
    expect(refs.number("s2", button)).not.toBe(mine);
    expect(caught(() => refs.resolve("s2", mine))).toMatchObject({ code: "not_found" });
  });

  test("of another kind are others, also with the same key", () => {
    const refs = new Refs(0);
    expect(refs.number("s1", button)).not.toBe(refs.number("s1", { ...button, kind: "page" }));
  });

  test("of what is gone are stale for good, and its key gets a new one", () => {
    const refs = new Refs(0);
    const [first, second] = [refs.number("s1", button), refs.number("s1", other)];
    refs.gone("s1", "accessibility", ":1.5/a/7");
    expect(caught(() => refs.resolve("s1", first))).toMatchObject({ code: "stale_ref" });
    expect(refs.resolve("s1", second)).toEqual(other);
    expect(refs.number("s1", button)).not.toBe(first);
    expect(caught(() => refs.resolve("s1", first))).toMatchObject({ code: "stale_ref" });
  });

  test("that never were, or are none, are not found", () => {
    const refs = new Refs(0);
    refs.number("s1", button);
    for (const ref of ["@e2", "@e0", "@e01", "e1", "@e1 ", "@e99999999999"]) {
      expect(caught(() => refs.resolve("s1", ref))).toMatchObject({ code: "not_found" });
    }
    refs.drop("s1");
    expect(caught(() => refs.resolve("s1", "@e1"))).toMatchObject({ code: "not_found" });
  });

  test("are bounded: the oldest are forgotten", () => {
    const refs = new Refs(0);
    for (let at = 0; at < 20_001; at++) refs.number("s1", { ...button, key: `:1.5/a/${at}` });
    expect(caught(() => refs.resolve("s1", "@e1"))).toMatchObject({ code: "not_found" });
    expect(refs.resolve("s1", "@e2")).toMatchObject({ key: ":1.5/a/1" });
  });

  test("of two daemons begin at different numbers, most of the time", () => {
    const first = Array.from({ length: 20 }, () => new Refs().number("s1", button));
    expect(new Set(first).size).toBeGreaterThan(1);
  });
});
