import { and, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { UsageReport } from "../../../src/contract/usage.ts";
import type { Database } from "../../store/database.ts";
import { gatewayUsage as table } from "../../store/schema.ts";
import { type Counts, countNames } from "./counts.ts";
import { dayOf, hourOf, monthOf } from "./periods.ts";

export type UsageRow = Omit<typeof table.$inferSelect, "instance">;

export interface UsageQuery {
  by: UsageReport["by"];
  /** From the beginning of its hour. */
  since: Date;
  /** Only what these sessions have used; null: all. */
  sessions: ReadonlySet<string> | null;
}

/** The kept usage of one daemon. */
export class UsageTable {
  constructor(
    private readonly db: Database,
    private readonly instance: string,
  ) {}

  /** Adds to what is there, all or nothing. Rows of different keys; PostgreSQL takes some 4000. */
  async add(rows: readonly UsageRow[]): Promise<void> {
    const { db, instance } = this;
    await db
      .insert(table)
      .values(rows.map((row) => ({ ...row, instance })))
      .onConflictDoUpdate({
        target: [table.instance, table.hour, table.callerId, table.provider, table.model],
        set: { callerName: excluded("callerName"), ...sums() },
      });
  }

  /** What each caller has spent since the day and the month began, in USD. */
  async spent(now: Date): Promise<{ caller: string; day: number; month: number }[]> {
    const today = sql`filter (where ${table.hour} >= ${dayOf(now).toISOString()})`;
    return this.db
      .select({
        caller: table.callerId,
        day: sql`coalesce(sum(${table.costUsd}) ${today}, 0)`.mapWith(Number),
        month: sql`sum(${table.costUsd})`.mapWith(Number),
      })
      .from(table)
      .where(and(eq(table.instance, this.instance), gte(table.hour, monthOf(now))))
      .groupBy(table.callerId);
  }

  /** Dearest first; days in their order. */
  async report({ by, since, sessions }: UsageQuery): Promise<UsageReport> {
    const from = hourOf(since);
    const { kind, id, name } = groups[by];
    const found = await this.db
      .select({
        kind: kind.as("kind"),
        id: id.as("id"),
        name: name.as("name"),
        ...(Object.fromEntries(
          countNames.map((each) => [each, sql`sum(${table[each]})`.mapWith(Number)]),
        ) as Record<keyof Counts, SQL<number>>),
      })
      .from(table)
      .where(
        and(
          eq(table.instance, this.instance),
          gte(table.hour, from),
          sessions === null ? undefined : inArray(table.callerId, [...sessions]),
        ),
      )
      .groupBy(sql`kind`, sql`id`, ...(by === "token" || by === "session" ? [] : [sql`name`]));
    const rows = found.map(({ costUsd, ...row }) => ({
      ...row,
      costUsd: row.unpriced > 0 && costUsd === 0 ? null : costUsd,
    }));
    const order = (a: (typeof rows)[0], b: (typeof rows)[0]) =>
      by === "day"
        ? (a.name ?? "").localeCompare(b.name ?? "")
        : (b.costUsd ?? -1) - (a.costUsd ?? -1) || b.requests - a.requests;
    return { by, since: from.toISOString(), rows: rows.toSorted(order) };
  }

  /** Forgets what was used before this. */
  async prune(before: Date): Promise<void> {
    await this.db
      .delete(table)
      .where(and(eq(table.instance, this.instance), lt(table.hour, before)));
  }
}

interface Group {
  kind: SQL<UsageReport["rows"][0]["kind"]>;
  id: SQL<string | null>;
  name: SQL<string | null>;
}

const isSession = sql`${table.callerKind} = 'session'`;
const lastName = sql<string>`(array_agg(${table.callerName} order by ${table.hour} desc))[1]`;
const nothing = sql<null>`null::text`;

const groups: Record<UsageReport["by"], Group> = {
  token: { kind: sql`${table.callerKind}`, id: sql`${table.callerId}`, name: lastName },
  session: {
    kind: sql`${table.callerKind}`,
    id: sql`case when ${isSession} then ${table.callerId} end`,
    name: sql`case when bool_and(${isSession}) then ${lastName} end`,
  },
  provider: { kind: sql`'provider'`, id: nothing, name: sql`${table.provider}` },
  model: { kind: sql`'model'`, id: nothing, name: sql`${table.provider} || '/' || ${table.model}` },
  day: {
    kind: sql`'day'`,
    id: nothing,
    name: sql`to_char(${table.hour} at time zone 'UTC', 'YYYY-MM-DD')`,
  },
};

function excluded(column: keyof typeof table.$inferSelect): SQL {
  return sql`excluded.${sql.identifier(table[column].name)}`;
}

function sums(): Record<string, SQL> {
  return Object.fromEntries(
    countNames.map((each) => [each, sql`${table[each]} + ${excluded(each)}`]),
  );
}
