import { z } from "zod";
import type { LocalVerb } from "./operation.ts";
import { logFields, sessionRef } from "./operation.ts";

/** Verbs without a route: the CLI carries them out itself. */
export const localVerbs: readonly LocalVerb[] = [
  {
    id: "session.use",
    summary: "Choose the session for this folder (writes .nexora/session)",
    input: z.strictObject({
      session: sessionRef.meta({ cli: { positional: true, value: "SESSION" } }),
    }),
  },
  {
    id: "cp",
    summary: "Copy files and folders in or out: SESSION:PATH on one side",
    description: `:PATH is in the chosen session, ~ its user's home, and a relative path starts at /workspace.
- stands for standard input or output: the bytes of one file; of a folder, a tar archive.`,
    input: z.strictObject({
      sources: z
        .array(z.string())
        .min(1)
        .describe("What to copy; several go into a folder")
        .meta({ cli: { positional: "rest", value: "SRC" } }),
      destination: z
        .string()
        .describe("Where to; into it when it is a folder")
        .meta({ cli: { positional: true, value: "DST" } }),
    }),
    localFlags: [
      { name: "recursive", short: "r", description: "Copy folders too, which is so anyway" },
    ],
    examples: [
      "nexora cp ./data dev:/tmp/data",
      "nexora cp :out.log :err.log .",
      "nexora cp dev:~/notes.txt - | less",
    ],
  },
  {
    id: "keys.backup",
    summary: "Write all keys into a file that a passphrase opens",
    description:
      "The passphrase comes from standard input or, on a terminal, from a hidden prompt. It is needed again, and nobody can find it out.",
    input: z.strictObject({
      file: z
        .string()
        .min(1)
        .describe("Where to write it (0600)")
        .meta({ cli: { positional: true, value: "FILE" } }),
    }),
    examples: ["nexora keys backup keys.backup < passphrase"],
  },
  {
    id: "keys.restore",
    summary: "Take the keys of such a file in, all or none",
    description:
      "The passphrase comes from standard input or, on a terminal, from a hidden prompt. Keys that are there already stay as they are, unless --replace is given.",
    input: z.strictObject({
      file: z
        .string()
        .min(1)
        .describe("The file")
        .meta({ cli: { positional: true, value: "FILE" } }),
    }),
    localFlags: [{ name: "replace", description: "Replace keys of the same provider and name" }],
    examples: ["nexora keys restore keys.backup < passphrase"],
  },
  { id: "daemon.start", summary: "Start the daemon in the background", input: z.strictObject({}) },
  {
    id: "daemon.restart",
    summary: "Stop the daemon and start it again; sessions keep running",
    description:
      "It gets the environment of this command, and reads its configuration again. One that does not run is started.",
    input: z.strictObject({}),
  },
  {
    id: "daemon.run",
    summary: "Run the daemon in the foreground",
    input: z.strictObject({
      port: z
        .number()
        .int()
        .min(0)
        .max(65535)
        .optional()
        .describe("TCP port on 127.0.0.1 (default 9301; 0: any)"),
    }),
  },
  {
    id: "daemon.logs",
    summary: "Print the daemon's log",
    input: z.strictObject({
      ...logFields,
    }),
  },
  {
    id: "config.path",
    summary: "Print where the configuration file is",
    input: z.strictObject({}),
  },
  {
    id: "mcp",
    summary: "Serve the Model Context Protocol on standard input and output, for an agent",
    description:
      "Verbs are tools there. With a chosen session (-s, NEXORA_SESSION, `session use`) all of them are about that one. The daemon serves the same at /mcp.",
    input: z.strictObject({
      tools: z
        .enum(["usual", "all"])
        .default("usual")
        .describe("The dozen that do most of the work, or every operation"),
    }),
    examples: ["claude mcp add nexora -- nexora mcp -s dev"],
  },
  {
    id: "mcp.config",
    summary: "Print what an agent's client needs to start it, or write it into its file",
    description:
      "The server is called nexora there. With --write everything else in the file stays as it is, and one of that name is replaced. Tokens are never written: with --http the client reads NEXORA_TOKEN.",
    input: z.strictObject({
      client: z
        .enum(["claude", "codex", "gemini", "cursor", "vscode"])
        .describe("Claude Code, Codex, Gemini CLI, Cursor or VS Code")
        .meta({ cli: { positional: true, value: "CLIENT" } }),
      tools: z
        .enum(["usual", "all"])
        .default("usual")
        .describe("The dozen that do most of the work, or every operation"),
      http: z
        .boolean()
        .default(false)
        .describe("Ask the daemon at /mcp with a token, in place of starting a program"),
    }),
    localFlags: [
      { name: "write", description: "Write it into the client's file, and say which" },
      { name: "project", description: "The file of this folder's project, not the user's" },
    ],
    examples: ["nexora mcp config claude", "nexora mcp config codex -s dev --write"],
  },
  {
    id: "completion",
    summary: "Print the completion script of a shell",
    input: z.strictObject({
      shell: z.enum(["bash", "zsh", "fish"]).meta({ cli: { positional: true, value: "SHELL" } }),
    }),
    examples: ["source <(nexora completion bash)"],
  },
  {
    id: "complete",
    hidden: true,
    summary: "Print what a word may be completed to, for the completion scripts",
    description: "Never starts a daemon, and prints nothing when it cannot know.",
    input: z.strictObject({
      kind: z
        .enum(["sessions", "tokens", "images", "places"])
        .meta({ cli: { positional: true, value: "KIND" } }),
      prefix: z
        .string()
        .optional()
        .describe("The word so far")
        .meta({ cli: { positional: true, value: "PREFIX" } }),
    }),
  },
  {
    id: "ocr",
    hidden: true,
    summary: "Print the text of the picture on standard input as tesseract's TSV, for the daemon",
    input: z.strictObject({
      mode: z
        .number()
        .int()
        .min(0)
        .max(13)
        .describe("Tesseract's page segmentation mode")
        .meta({ cli: { positional: true, value: "PSM" } }),
    }),
  },
  {
    id: "help",
    summary: "Show help on a verb or a topic",
    input: z.strictObject({
      topic: z
        .array(z.string())
        .default([])
        .meta({ cli: { positional: "rest", value: "TOPIC" } }),
    }),
  },
  { id: "version", summary: "Print the version", input: z.strictObject({}) },
];
