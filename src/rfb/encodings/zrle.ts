import { checkLength } from "../limits.ts";
import { type Reading, readU32 } from "../reader.ts";
import type { Rectangle, Surface } from "../surface.ts";
import type { Inflater } from "./inflate.ts";
import { TileReader } from "./zrle-tile.ts";

const tileSide = 64;

/** ZRLE (RFC 6143 §7.7.6): tiles of 64x64, in one zlib stream for the connection's whole life. */
export function* readZrle(surface: Surface, area: Rectangle, inflater: Inflater): Reading<void> {
  // The longest form of a pixel is a run of one (4 bytes), that of a palette 127 CPIXELs.
  const tiles = Math.ceil(area.width / tileSide) * Math.ceil(area.height / tileSide);
  const limit = 4 * area.width * area.height + 400 * tiles;
  const length = yield* readU32();
  checkLength("a ZRLE rectangle", length, limit + (limit >> 4) + 1024);
  const reader = new TileReader(inflater.inflate(yield length, limit));

  for (let y = 0; y < area.height; y += tileSide) {
    for (let x = 0; x < area.width; x += tileSide) {
      const width = Math.min(tileSide, area.width - x);
      const height = Math.min(tileSide, area.height - y);
      const pixels = reader.tile(width, height);
      for (let row = 0; row < height; row++) {
        surface.putRow(area.x + x, area.y + y + row, pixels, row * width, width);
      }
    }
  }
  reader.end();
}
