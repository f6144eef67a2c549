import type { Command } from "../context.ts";
import { takes } from "../takes.ts";
import type { Verb } from "../verb.ts";

type Load = () => Promise<{ command: Command }>;

/** The verbs that do more than send their operation: each loads its own file, when it is used. */
const loaders: Record<string, Load> = {
  "session.ls": () => import("./session-ls.ts"),
  "session.new": () => import("./session-new.ts"),
  "session.rm": () => import("./session-rm.ts"),
  "session.use": () => import("./session-use.ts"),
  "session.logs": () => import("./session-logs.ts"),
  "session.attach": () => import("./session-attach.ts"),
  screen: () => import("./screen.ts"),
  type: () => import("./type.ts"),
  diff: () => import("./diff.ts"),
  exec: () => import("./exec.ts"),
  wait: () => import("./wait.ts"),
  watch: () => import("./watch.ts"),
  expect: () => import("./expect.ts"),
  batch: () => import("./batch.ts"),
  "clip.get": () => import("./clip-get.ts"),
  "clip.set": () => import("./clip-set.ts"),
  "chrome.run": () => import("./chrome-run.ts"),
  record: () => import("./record.ts"),
  cp: () => import("./cp.ts"),
  events: () => import("./events.ts"),
  audit: () => import("./audit.ts"),
  "keys.set": () => import("./keys-set.ts"),
  "keys.rotate": () => import("./keys-set.ts"),
  "keys.rm": () => import("./remove.ts"),
  "keys.backup": () => import("./keys-backup.ts"),
  "keys.restore": () => import("./keys-restore.ts"),
  "gateway.logs": () => import("./gateway-logs.ts"),
  "token.new": () => import("./token-new.ts"),
  "chrome.profile.rm": () => import("./remove.ts"),
  "token.rm": () => import("./remove.ts"),
  "image.rm": () => import("./remove.ts"),
  "gateway.provider.rm": () => import("./remove.ts"),
  "image.build": () => import("./image-build.ts"),
  "chrome.snapshot": () => import("./chrome-read.ts"),
  "chrome.text": () => import("./chrome-read.ts"),
  "chrome.html": () => import("./chrome-read.ts"),
  "chrome.goto": () => import("./chrome-goto.ts"),
  "chrome.back": () => import("./chrome-goto.ts"),
  "chrome.forward": () => import("./chrome-goto.ts"),
  "chrome.reload": () => import("./chrome-goto.ts"),
  "chrome.eval": () => import("./chrome-eval.ts"),
  "chrome.shot": () => import("./chrome-shot.ts"),
  "chrome.pdf": () => import("./chrome-pdf.ts"),
  doctor: () => import("./doctor.ts"),
  "daemon.start": () => import("./daemon-start.ts"),
  "daemon.status": () => import("./daemon-status.ts"),
  "daemon.stop": () => import("./daemon-stop.ts"),
  "daemon.restart": () => import("./daemon-restart.ts"),
  "daemon.logs": () => import("./daemon-logs.ts"),
  "daemon.run": () => import("./daemon-run.ts"),
  "config.show": () => import("./config-show.ts"),
  "config.path": () => import("./config-path.ts"),
  ocr: () => import("./ocr.ts"),
  complete: () => import("./complete.ts"),
  mcp: () => import("./mcp.ts"),
  "mcp.config": () => import("./mcp-config.ts"),
  completion: () => import("./completion.ts"),
  help: () => import("./help.ts"),
  version: () => import("./version.ts"),
};

/**
 * The handler of a verb: its own, else the one for all that act, else the one that sends the operation
 * and prints the reply.
 */
export async function commandOf(verb: Verb): Promise<Command> {
  const common: Load = () => {
    if (takes(verb, "thenScreen")) return import("./act.ts");
    return takes(verb, "thenSnapshot") ? import("./chrome-act.ts") : import("./default.ts");
  };
  return (await (loaders[verb.id] ?? common)()).command;
}
