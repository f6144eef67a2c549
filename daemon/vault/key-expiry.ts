import type { EventSink } from "../events/events.ts";
import type { KeyRecord } from "./records.ts";
import type { Strongbox } from "./strongbox.ts";

const dayMs = 24 * 3600 * 1000;

type Stage = NonNullable<KeyRecord["announced"]>;
const stages: readonly Stage[] = ["week", "day", "expired"];

/** How near the end of a key is: none while it is more than a week away. */
export function stageOf(expiresAt: Date | null, now: Date): Stage | null {
  if (expiresAt === null) return null;
  const left = expiresAt.getTime() - now.getTime();
  if (left <= 0) return "expired";
  return left <= dayMs ? "day" : left <= 7 * dayMs ? "week" : null;
}

/** Tells of keys that expire: a week before, a day before, and when it has happened; each once. */
export class KeyExpiry {
  constructor(
    private readonly box: Strongbox,
    private readonly events: EventSink,
  ) {}

  /** Looks at every key, in memory; to be called now and then, and after a change. */
  async sweep(now = new Date()): Promise<void> {
    for (const record of this.box.records.values()) {
      const stage = stageOf(record.expiresAt, now);
      if (stage === null || rank(stage) <= rank(record.announced)) continue;
      record.announced = stage;
      await this.box.store.update(record.id, { announced: stage });
      await this.tell(record, stage);
    }
  }

  private async tell(record: KeyRecord, stage: Stage): Promise<void> {
    const { provider, name } = record;
    const end = record.expiresAt?.toISOString() ?? "";
    const what = stage === "expired" ? "has expired" : "expires";
    const then = `replace it with \`nexora keys rotate ${provider} --name ${name}\``;
    await this.events.publish({
      type: stage === "expired" ? "key_expired" : "key_expires",
      message: `the key ${provider}/${name} ${what} on ${end}: ${then}`,
      details: { provider, name, expiresAt: end },
    });
  }
}

function rank(stage: Stage | null): number {
  return stage === null ? -1 : stages.indexOf(stage);
}
