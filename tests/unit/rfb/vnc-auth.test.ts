import { expect, test } from "bun:test";
import { vncAuthResponse } from "../../../src/rfb/vnc-auth.ts";

const text = new TextEncoder();

test("encrypts as password files do, whose vectors are public", () => {
  const fixedKey = "\x17Rk\x06#NX\x07";
  const stored = vncAuthResponse(fixedKey, text.encode("password"));
  expect(Buffer.from(stored).toString("hex")).toBe("dbd83cfd727a1458");
});

test("answers 16 bytes, from the first 8 bytes of the password only", () => {
  const challenge = Uint8Array.from({ length: 16 }, (_, i) => i);
  const response = vncAuthResponse("12345678", challenge);
  expect(response).toHaveLength(16);
  expect(vncAuthResponse("12345678 and more", challenge)).toEqual(response);
  expect(vncAuthResponse("1234567", challenge)).not.toEqual(response);
});
