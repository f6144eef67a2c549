import type { Nexora } from "./nexora.ts";
import type { Row } from "./table.ts";

/** What every topic is given. */
export interface Bench {
  signal: AbortSignal;
  /** A daemon that is shared by the topics. */
  nexora: Nexora;
  /** Folder for what a topic makes; it goes at the end. */
  folder: string;
}

/** One part of the benchmark: measures, cleans up, and says what it found. */
export type Topic = (bench: Bench) => Promise<Row[]>;
