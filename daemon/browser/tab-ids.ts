/**
 * The ids of a session's tabs: t1, t2 … in the order in which they were first seen. They outlive a
 * connection, and a browser whose tabs come back.
 */
export class TabIds {
  private readonly ids = new Map<string, string>();
  /** Ids of tabs that a browser had when it died, by their address. */
  private awaited: { id: string; url: string }[] = [];
  private last = 0;

  /** The id of a target; one that comes back after a restart gets the one it had. */
  of({ targetId, url }: { targetId: string; url: string }): string {
    const known = this.ids.get(targetId);
    if (known !== undefined) return known;
    const back = this.awaited.findIndex((tab) => tab.url === url);
    const [again] = back < 0 ? [] : this.awaited.splice(back, 1);
    const id = again?.id ?? `t${++this.last}`;
    this.ids.set(targetId, id);
    return id;
  }

  forget(targetId: string): void {
    this.ids.delete(targetId);
  }

  /** The browser has died with these tabs, which are to come back. */
  await(tabs: readonly { id: string; url: string }[]): void {
    this.ids.clear();
    this.awaited = [...tabs];
  }

  /** The tabs that have not come back; they are awaited no more. */
  missing(): { id: string; url: string }[] {
    return this.awaited;
  }
}
