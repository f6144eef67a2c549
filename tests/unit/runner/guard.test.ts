import { expect, test } from "bun:test";
import { obfuscateVncPassword } from "../../../docker/workstation/runner/desktop/vnc-password.ts";
import { createGuard } from "../../../docker/workstation/runner/http/auth.ts";

const guard = createGuard("right-token");
const request = (headers: Record<string, string>) => new Request("http://x/", { headers });

test("the guard passes the right token only", () => {
  expect(() => guard(request({ authorization: "Bearer right-token" }))).not.toThrow();
  for (const value of ["Bearer wrong", "right-token", "bearer right-token", ""]) {
    const refused = expect.objectContaining({ code: "unauthorized" });
    expect(() => guard(request({ authorization: value }))).toThrow(refused);
  }
  expect(() => guard(request({}))).toThrow(expect.objectContaining({ code: "unauthorized" }));
});

test("the guard refuses web pages even with the token", () => {
  const headers = { authorization: "Bearer right-token", origin: "http://localhost" };
  expect(() => guard(request(headers))).toThrow(expect.objectContaining({ code: "forbidden" }));
});

test("a VNC password file has the 8 bytes that VNC servers expect", () => {
  const hex = (password: string) => Buffer.from(obfuscateVncPassword(password)).toString("hex");
  expect(hex("password")).toBe("dbd83cfd727a1458");
  expect(hex("password and more")).toBe("dbd83cfd727a1458");
});
