import { daemonStatus, daemonStop, doctor, health } from "./daemon.ts";
import { events } from "./events.ts";
import { exec } from "./exec.ts";
import { filesGet, filesPut, filesStat } from "./files.ts";
import { imageBuild, imageList, imageRemove } from "./image.ts";
import { pressKeys, typeText } from "./input.ts";
import type { Operation } from "./operation.ts";
import { screen } from "./screen.ts";
import {
  sessionAttach,
  sessionList,
  sessionLogs,
  sessionNew,
  sessionRemove,
  sessionRename,
  sessionShow,
  sessionStart,
  sessionStop,
} from "./session.ts";
import { wait } from "./wait.ts";

/** Every operation of the HTTP API, in the order of the help. */
export const operations = [
  sessionNew,
  sessionList,
  sessionShow,
  sessionStop,
  sessionStart,
  sessionRename,
  sessionLogs,
  sessionRemove,
  sessionAttach,
  screen,
  typeText,
  pressKeys,
  exec,
  wait,
  filesGet,
  filesPut,
  filesStat,
  events,
  imageBuild,
  imageList,
  imageRemove,
  doctor,
  daemonStatus,
  daemonStop,
  health,
] as unknown as readonly Operation[];
