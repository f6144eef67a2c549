import { expect, test } from "bun:test";
import { vncAuthResponse } from "../../../src/rfb/vnc-auth.ts";
import { bytes, greeting, recordingClient, serverInit, u16, u32 } from "./harness.ts";

const challenge = Uint8Array.from({ length: 16 }, (_, i) => 3 * i);

test("speaks 3.8, answers the challenge, and asks for the whole picture in RGB", () => {
  const { client, said } = recordingClient({ password: "secret" });
  client.push(bytes(greeting, challenge, u32(0), serverInit(640, 480)));
  const [version, type, response, shared, format, encodings, request] = said.sent;
  expect(new TextDecoder().decode(version)).toBe("RFB 003.008\n");
  expect(type).toEqual(Uint8Array.of(2));
  expect(response).toEqual(vncAuthResponse("secret", challenge));
  expect(shared).toEqual(Uint8Array.of(1));
  expect(Array.from(format?.subarray(4) ?? [])).toEqual(
    [32, 24, 0, 1, u16(255, 255, 255), 0, 8, 16, 0, 0, 0].flat(),
  );
  expect(Array.from(encodings?.subarray(0, 2) ?? [])).toEqual([2, 0]);
  expect(request).toEqual(bytes([3, 0], u16(0, 0, 640, 480)));
  expect(said.sizes).toEqual(["640x480"]);
});

const refused = (reason: string) => bytes(u32(reason.length), reason);
const cases: [string, Uint8Array, string][] = [
  ["something that is not RFB", bytes("HTTP/1.1 400"), "does not speak RFB"],
  ["an older version", bytes("RFB 003.003\n"), "speaks RFB 3.3; 3.8 is needed"],
  [
    "a refusal",
    bytes("RFB 003.008\n", [0], refused("too many")),
    "refused the connection: too many",
  ],
  ["no VncAuth", bytes("RFB 003.008\n", [2, 1, 19]), "security types 1, 19"],
  [
    "a wrong password",
    bytes(greeting, challenge, u32(1), refused("No\x1b[2J way")),
    "refused the password: No [2J way",
  ],
  ["an endless reason", bytes(greeting, challenge, u32(1), u32(70_000)), "over the limit of 65536"],
  ["no size", bytes(greeting, challenge, u32(0), serverInit(0, 10)), "impossible size, 0x10"],
  [
    "a huge size",
    bytes(greeting, challenge, u32(0), serverInit(16_000, 16_000)),
    "impossible size, 16000x16000",
  ],
];
for (const [what, stream, message] of cases) {
  test(`${what} is an error that says so`, () => {
    const { client } = recordingClient();
    expect(() => client.push(stream)).toThrow(message);
  });
}
