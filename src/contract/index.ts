import { auditOperations } from "./audit.ts";
import { batchOperations } from "./batch.ts";
import { chromeOperations } from "./chrome.ts";
import { chromeDataOperations } from "./chrome-data.ts";
import { chromeEmulateOperations } from "./chrome-emulate.ts";
import { chromeFormOperations } from "./chrome-forms.ts";
import { chromePageOperations } from "./chrome-page.ts";
import { chromePictureOperations } from "./chrome-pictures.ts";
import { chromePointingOperations } from "./chrome-pointing.ts";
import { chromeProfileOperations } from "./chrome-profile.ts";
import { chromeReadingOperations } from "./chrome-reading.ts";
import { chromeRecordOperations } from "./chrome-records.ts";
import { chromeScriptOperations } from "./chrome-scripts.ts";
import { clipboardOperations } from "./clipboard.ts";
import { configOperations } from "./config.ts";
import { daemonOperations } from "./daemon.ts";
import { diffOperations } from "./diff.ts";
import { eventOperations } from "./events.ts";
import { execOperations } from "./exec.ts";
import { expectOperations } from "./expect.ts";
import { fileOperations } from "./files.ts";
import { catalogueOperations } from "./gateway.ts";
import { gatewayOperations } from "./gateway-requests.ts";
import { imageOperations } from "./image.ts";
import { inputOperations } from "./input.ts";
import { keyOperations } from "./keys.ts";
import { openOperations } from "./open.ts";
import type { FieldsOf, OutputItemOf, OutputOf } from "./operation.ts";
import { pointerOperations } from "./pointer.ts";
import { recordOperations } from "./record.ts";
import { screenOperations } from "./screen.ts";
import { sessionOperations } from "./session.ts";
import { newSessionOperations } from "./session-new.ts";
import { tokenOperations } from "./token.ts";
import { usageOperations } from "./usage.ts";
import { vendorOperations } from "./vendors.ts";
import { waitOperations } from "./wait.ts";
import { watchOperations } from "./watch.ts";
import { windowOperations } from "./window.ts";

/** Every operation, in the order of the help. */
export const operations = [
  ...newSessionOperations,
  ...sessionOperations,
  ...screenOperations,
  ...diffOperations,
  ...inputOperations,
  ...pointerOperations,
  ...windowOperations,
  ...openOperations,
  ...clipboardOperations,
  ...recordOperations,
  ...chromeOperations,
  ...chromePageOperations,
  ...chromeReadingOperations,
  ...chromePointingOperations,
  ...chromeFormOperations,
  ...chromePictureOperations,
  ...chromeRecordOperations,
  ...chromeDataOperations,
  ...chromeEmulateOperations,
  ...chromeProfileOperations,
  ...chromeScriptOperations,
  ...execOperations,
  ...waitOperations,
  ...watchOperations,
  ...expectOperations,
  ...batchOperations,
  ...vendorOperations,
  ...fileOperations,
  ...eventOperations,
  ...imageOperations,
  ...keyOperations,
  ...tokenOperations,
  ...auditOperations,
  ...gatewayOperations,
  ...catalogueOperations,
  ...usageOperations,
  ...daemonOperations,
  ...configOperations,
] as const;

type Operations = (typeof operations)[number];
export type OperationId = Operations["id"];
export type OperationOf<Id extends OperationId> = Extract<Operations, { id: Id }>;

/** An operation by its id, as a caller sees it. */
export type Fields<Id extends OperationId> = FieldsOf<OperationOf<Id>>;
export type Output<Id extends OperationId> = OutputOf<OperationOf<Id>>;
export type OutputItem<Id extends OperationId> = OutputItemOf<OperationOf<Id>>;
