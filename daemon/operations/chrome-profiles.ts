import type { chromeProfileOperations } from "../../src/contract/chrome-profile.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Browsers } from "../browser/browsers.ts";
import type { ProfileRecords } from "../browser/profile-records.ts";
import type { Profiles } from "../browser/profiles.ts";
import type { Principal } from "../principals/principal.ts";
import { type CallOf, restartedOf } from "./chrome-call.ts";
import type { HandlersOf } from "./handler.ts";

export function chromeProfileHandlers(
  profiles: Profiles,
  records: ProfileRecords,
  browsers: Browsers,
): HandlersOf<typeof chromeProfileOperations> {
  const restarted = (call: CallOf) => restartedOf(browsers.running(call.session.row.id), call);
  return {
    "chrome.profile.save": {
      async reply({ name }, call) {
        checkUnbound(call.principal);
        const profile = await profiles.save(call.session, name, call.signal);
        return { profile, restarted: restarted(call) };
      },
    },
    "chrome.profile.load": {
      async reply({ name }, call) {
        checkUnbound(call.principal);
        const profile = await profiles.load(call.session, name, call.signal);
        return { profile, restarted: restarted(call) };
      },
    },
    "chrome.profile.ls": { reply: async () => ({ profiles: await records.list() }) },
    "chrome.profile.rm": {
      async reply({ name }) {
        await records.remove(name);
        return { name };
      },
    },
  };
}

/** A profile is every session's: who is bound to some would read or replace the logins of others. */
function checkUnbound({ kind, name, sessions }: Principal): void {
  if (sessions === null) return;
  throw new NexoraError("forbidden", `${kind} ${name} is bound to sessions; profiles are for all`, {
    hint: "use a token that is not bound to sessions",
  });
}
