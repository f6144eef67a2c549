/**
 * The image library, loaded when first needed: 30 ms and 20 MB that an idle daemon saves.
 * In the compiled binary its native part comes from the user's cache folder
 * (scripts/build/sharp.ts); throws `config_invalid` when it cannot be loaded from there.
 */
export function loadSharp(): Promise<typeof import("sharp")> {
  return import("sharp");
}
