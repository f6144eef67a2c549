import type { Offer } from "../../src/tunnel/protocol.ts";
import type { ServiceStream } from "./service-stream.ts";

/** Something of the daemon's that programs in a workstation may reach, at 127.0.0.1:`port` inside. */
export interface Service extends Offer {
  /**
   * Serves one connection of a program in that session, who may be anybody inside. The stream ends
   * when this resolves, and is broken off when it rejects.
   */
  connect(session: string, stream: ServiceStream): Promise<void>;
}
