import { dayOf, monthOf } from "./periods.ts";

interface Spent {
  day: number;
  dayUsd: number;
  month: number;
  monthUsd: number;
}

/** What each caller has spent on this day and in this month (UTC), in memory. */
export class Spending {
  private readonly callers = new Map<string, Spent>();

  add(caller: string, usd: number, at: Date): void {
    this.restore(caller, { day: usd, month: usd }, at);
  }

  /** What is known from before, in USD. */
  restore(caller: string, { day, month }: { day: number; month: number }, at: Date): void {
    const spent = this.current(caller, at);
    spent.dayUsd += day;
    spent.monthUsd += month;
  }

  /** In USD. */
  spent(caller: string, at = new Date()): { day: number; month: number } {
    const { dayUsd, monthUsd } = this.current(caller, at);
    return { day: dayUsd, month: monthUsd };
  }

  private current(caller: string, at: Date): Spent {
    const day = dayOf(at).getTime();
    const month = monthOf(at).getTime();
    const spent = this.callers.get(caller) ?? { day, dayUsd: 0, month, monthUsd: 0 };
    if (spent.day !== day) Object.assign(spent, { day, dayUsd: 0 });
    if (spent.month !== month) Object.assign(spent, { month, monthUsd: 0 });
    this.callers.set(caller, spent);
    return spent;
  }
}
