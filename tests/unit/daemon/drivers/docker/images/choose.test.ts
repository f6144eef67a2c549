import { expect, test } from "bun:test";
import { chooseImage } from "../../../../../../daemon/drivers/docker/images/choose.ts";
import type { Image } from "../../../../../../src/contract/image.ts";

function image(reference: string, target: "base" | "full"): Image {
  const id = `sha256:${new Bun.CryptoHasher("sha256").update(reference).digest("hex")}`;
  const createdAt = "2026-01-01T00:00:00.000Z";
  return { id, reference, target, sizeBytes: 1, createdAt, current: true };
}
const derived = image("acme/desk:latest", "full");
const full = image("nexora-workstation:full", "full");
const base = image("nexora-workstation:base", "base");

test("full is preferred to base, and ours to what others derived from it", () => {
  expect(chooseImage([derived, base, full], undefined)).toBe(full);
  expect(chooseImage([derived, base], undefined)).toBe(base);
});

test("an image goes by its reference, its target or its id", () => {
  const all = [derived, base, full];
  expect(chooseImage(all, "acme/desk:latest")).toBe(derived);
  expect(chooseImage(all, "base")).toBe(base);
  expect(chooseImage(all, derived.id)).toBe(derived);
  expect(chooseImage(all, derived.id.slice("sha256:".length))).toBe(derived);
});

test("a missing image is named, with the way to build one", () => {
  expect(() => chooseImage([base], "full")).toThrow("there is no image full");
  expect(() => chooseImage([derived], undefined)).toThrow(
    expect.objectContaining({
      code: "image_missing",
      hint: expect.stringContaining("image build"),
    }),
  );
});
