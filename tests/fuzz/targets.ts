import { fuzzFrames } from "./frames.ts";
import { fuzzPack } from "./pack.ts";
import { openReplies } from "./replies.ts";
import { openRfb } from "./rfb.ts";
import { openRoutes } from "./routes.ts";
import { plain, type Target } from "./target.ts";
import { fuzzTunnel } from "./tunnel.ts";
import { fuzzUnpack } from "./unpack.ts";

/** What is fed, by name. */
export const targets: Record<string, () => Promise<Target>> = {
  rfb: openRfb,
  frames: plain(fuzzFrames),
  tunnel: plain(fuzzTunnel),
  replies: openReplies,
  unpack: plain(fuzzUnpack),
  pack: plain(fuzzPack),
  routes: openRoutes,
};
