export interface RunnerFileStat {
  type: "file" | "directory" | "other" | "none";
  sizeBytes: number;
}

export interface RunnerFolder {
  entries: { name: string; type: "file" | "directory" | "other" }[];
  truncated: boolean;
}
