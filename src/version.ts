import { version as packageVersion } from "../package.json" with { type: "json" };

/** Version of this build of Nexora. */
export const version: string = packageVersion;
