import type { Image } from "../../../../src/contract/image.ts";

export type ImageTarget = NonNullable<Image["target"]>;

export const imageTargets: readonly ImageTarget[] = ["base", "full"];

/** Labels of the images that we build. */
export const imageLabel = { target: "nexora.target", context: "nexora.context" } as const;

/** The reference that a build of the target gets. */
export function referenceOf(target: ImageTarget): string {
  return `nexora-workstation:${target}`;
}

/** The target that a label names; null for an image that is not ours. */
export function targetOf(labels: Record<string, string> | null | undefined): ImageTarget | null {
  return imageTargets.find((target) => target === labels?.[imageLabel.target]) ?? null;
}

/** Whether a text can name an image: only then may it become part of a request's path. */
export function isReference(text: string): boolean {
  return /^[a-z0-9][\w./:@-]{0,254}$/i.test(text) && !text.includes("..");
}
