export interface RunnerFileStat {
  /** `link`: a symbolic link that leads nowhere. */
  type: "file" | "directory" | "link" | "other" | "none";
  sizeBytes: number;
}

export interface RunnerFolder {
  entries: { name: string; type: "file" | "directory" | "other" }[];
  truncated: boolean;
}
