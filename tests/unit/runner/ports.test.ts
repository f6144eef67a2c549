import { expect, test } from "bun:test";
import { listenersIn } from "../../../docker/workstation/runner/ports.ts";

test("the kernel's tables of sockets say who listens where", () => {
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21 1
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22 1
   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 23 1
`;
  expect(listenersIn(tcp)).toEqual([
    { port: 8080, address: "127.0.0.1" },
    { port: 22, address: "0.0.0.0" },
  ]);
  const row = (address: string) => `sl\n 0: ${address}:0050 ${"0".repeat(32)}:0000 0A 0 0 0`;
  const addresses = {
    "00000000000000000000000000000000": "::",
    "00000000000000000000000001000000": "::1",
    B80D0120000000000000000001000000: "2001:db8::1",
  };
  for (const [hex, address] of Object.entries(addresses)) {
    expect(listenersIn(row(hex))).toEqual([{ port: 80, address }]);
  }
  expect(listenersIn("")).toEqual([]);
});
