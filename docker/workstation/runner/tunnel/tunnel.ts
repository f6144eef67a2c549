import type { TCPSocketListener } from "bun";
import { NexoraError } from "../../../../src/contract/errors.ts";
import { codeOf, messageOf } from "../../../../src/thrown.ts";
import { Link } from "../../../../src/tunnel/link.ts";
import {
  limits,
  type Offer,
  type OfferReply,
  parseOffers,
  TunnelError,
} from "../../../../src/tunnel/protocol.ts";
import type { Log } from "../log.ts";
import type { InsideConnection } from "./connection.ts";
import { listenInside } from "./listener.ts";

/** How long a connection waits for a daemon that has gone, in milliseconds: it may be restarting. */
const patienceMs = 5_000;

interface Service {
  offer: Offer;
  listener: TCPSocketListener<InsideConnection>;
}

/**
 * The inside of the tunnel: listens for the services that the daemon offers, and carries the
 * connections to it. It goes on listening while no daemon is there; a connection made then waits a
 * little for the next one, and is broken off if none comes.
 */
export class Tunnel {
  private readonly services = new Map<string, Service>();
  private link: Link | null = null;
  /** Connections that wait for a daemon: how each goes on. */
  private readonly waiting = new Map<InsideConnection, { service: string; timer: Timer }>();

  constructor(private readonly log: Pick<Log, "line">) {}

  /** Answers `POST /runner/tunnel`; a tunnel that is there already ends. */
  serve(request: Request): Response {
    if (!request.body) throw new NexoraError("usage", "a tunnel needs frames in its body");
    const link = new Link("inside", {
      control: (payload) => this.offered(link, parseOffers(payload)),
      opened: () => "the inside offers nothing",
    });
    void link.run(request.body, request.signal).then((reason) => {
      if (this.link !== link) return;
      this.link = null;
      this.log.line("tunnel", `no daemon is connected: ${reason.message}`);
    });
    return new Response(link.output, { headers: { "content-type": "application/octet-stream" } });
  }

  private offered(link: Link, offers: readonly Offer[]): void {
    if (this.link === link) throw new TunnelError("services are offered once");
    this.link?.end(new TunnelError("the daemon has opened another tunnel"));
    this.link = link;
    this.withdraw(offers);
    const replies = offers.map((offer) => this.listen(offer));
    for (const { name, error } of replies) if (error) this.log.line("tunnel", `${name}: ${error}`);
    link.mux.control(replies);
    for (const [connection, { service, timer }] of this.waiting) {
      clearTimeout(timer);
      this.waiting.delete(connection);
      this.open(link, service, connection);
    }
  }

  /** Ends what is no longer offered, or at another port. */
  private withdraw(offers: readonly Offer[]): void {
    for (const [name, { offer, listener }] of this.services) {
      if (offers.some((other) => other.name === name && other.port === offer.port)) continue;
      listener.stop();
      this.services.delete(name);
    }
  }

  private listen(offer: Offer): OfferReply {
    const { name, port } = offer;
    if (this.services.has(name)) return { name, error: null };
    try {
      const listener = listenInside(offer, (connection) => this.accepted(name, connection));
      this.services.set(name, { offer, listener });
      return { name, error: null };
    } catch (error) {
      const code = codeOf(error);
      const message = messageOf(error);
      const why = code === "EADDRINUSE" ? "another program inside holds the port" : message;
      return { name, error: `nothing listens at 127.0.0.1:${port} inside: ${why}` };
    }
  }

  private accepted(service: string, connection: InsideConnection): void {
    if (this.link) {
      this.open(this.link, service, connection);
    } else if (this.waiting.size >= limits.streams) {
      connection.refuse();
    } else {
      const giveUp = () => {
        this.waiting.delete(connection);
        connection.refuse();
      };
      this.waiting.set(connection, { service, timer: setTimeout(giveUp, patienceMs) });
    }
  }

  private open(link: Link, service: string, connection: InsideConnection): void {
    if (connection.gone) return;
    const stream = this.services.has(service) ? link.mux.open(service, connection) : null;
    if (stream) connection.join(stream);
    else connection.refuse();
  }
}
