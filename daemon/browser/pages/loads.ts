/** How far a document can have loaded, in order. */
const loadStates = ["commit", "domcontentloaded", "load", "networkidle"] as const;
export type LoadState = (typeof loadStates)[number];

/** Names of Chromium's lifecycle events (Page.lifecycleEvent). */
const lifecycle: Record<string, LoadState> = {
  commit: "commit",
  DOMContentLoaded: "domcontentloaded",
  load: "load",
  networkIdle: "networkidle",
};

/** Loaders that are remembered: what is on its way, what is there, and some that came to nothing. */
const kept = 16;

interface Load {
  reached: LoadState | null;
  status: number | null;
}

/** How far the documents of a page's main frame have loaded, by loader. */
export class Loads {
  private readonly byLoader = new Map<string, Load>();
  /** The loader of the document that is there; empty when none has told yet. */
  current = "";

  /** A state by Chromium's name for it; null: none that counts here. */
  reach(loader: string, event: string): LoadState | null {
    const state = lifecycle[event];
    if (!state) return null;
    const load = this.of(loader);
    if (load.reached === null || loadStates.indexOf(load.reached) < loadStates.indexOf(state)) {
      load.reached = state;
    }
    return state;
  }

  /** A document has come; `whole`: as it was left, from the cache of pages gone back to. */
  commit(loader: string, whole: boolean): void {
    this.current = loader;
    this.of(loader).reached ??= "commit";
    if (whole) this.of(loader).reached = "networkidle";
  }

  answered(loader: string, status: number): void {
    this.of(loader).status = status;
  }

  /** The furthest state of a loader; null: nothing of it is there. */
  reached(loader: string): LoadState | null {
    return this.byLoader.get(loader)?.reached ?? null;
  }

  /** HTTP status of a loader's document; null: it has none. */
  status(loader: string): number | null {
    return this.byLoader.get(loader)?.status ?? null;
  }

  /** Whether a loader's document has got that far. */
  has(loader: string, state: LoadState): boolean {
    const reached = this.reached(loader);
    return reached !== null && loadStates.indexOf(reached) >= loadStates.indexOf(state);
  }

  private of(loader: string): Load {
    const known = this.byLoader.get(loader);
    if (known) return known;
    const load: Load = { reached: null, status: null };
    this.byLoader.set(loader, load);
    const [oldest] = [...this.byLoader.keys()].filter((it) => it !== this.current);
    if (this.byLoader.size > kept && oldest !== undefined) this.byLoader.delete(oldest);
    return load;
  }
}
