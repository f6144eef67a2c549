import { formatDuration } from "../../src/duration.ts";
import { type Command, callOperation } from "../context.ts";
import { printable } from "../output/units.ts";
import { noteWhenSlow } from "../progress.ts";

/** Opens a session on the current folder (or --workspace), and prints its name. */
export const command: Command = async (context) => {
  const { output, invocation, folder } = context;
  const workspace = invocation.input.workspace ?? folder;
  const session = await noteWhenSlow(output, "opening the session …", () =>
    callOperation(context, "session.new", { workspace }),
  );
  await output.result(session, ({ name }) => name);
  const ready = session.readyMs === null ? "" : ` in ${formatDuration(session.readyMs)}`;
  const vnc = session.ports ? `, VNC on 127.0.0.1:${session.ports.vnc}` : "";
  await output.note(`ready${ready}${vnc}`);
  for (const notice of session.notices) await output.note(printable(notice));
};
