import { encodeFrame, encodeNumber } from "../../src/tunnel/frame.ts";
import { Mux } from "../../src/tunnel/mux.ts";
import { frameType, limits, TunnelError } from "../../src/tunnel/protocol.ts";
import { chunks, demand, type Random, spoilt } from "./target.ts";

const kinds = Object.values(frameType);

/** Frames of a tunnel as a hostile workstation sends them: understood, or one TunnelError; all bounded. */
export function fuzzTunnel(random: Random): void {
  let held = 0;
  const mux = new Mux("outside", {
    wake: () => {},
    control: () => {},
    opened: () =>
      random(4) === 0
        ? "not here"
        : {
            data: (bytes) => {
              held += bytes.length;
            },
            ended: () => {},
            lost: () => {},
            drained: () => {},
          },
  });
  const stream = Buffer.concat(
    Array.from({ length: random(40) }, (_, at) => {
      const id = random(3) === 0 ? random(2 ** 32) : random(at + 2);
      const kind = kinds[random(kinds.length)] ?? frameType.data;
      const number = random(2) === 0;
      const payload = number ? encodeNumber(random(2 ** 32)) : Buffer.alloc(random(3000), "s");
      return encodeFrame(kind, id, payload);
    }),
  );
  try {
    for (const chunk of chunks(random, spoilt(random, stream))) {
      mux.receive(chunk);
      if (random(3) === 0) mux.take(1);
    }
  } catch (error) {
    if (!(error instanceof TunnelError)) throw error;
  }
  demand(mux.size <= limits.streams, () => `${mux.size} streams`);
  demand(held <= stream.length * 2, () => `${held} bytes of ${stream.length}`);
}
