import type { PictureLimits } from "../geometry.ts";

/** Pixels a side of what Claude sees as one token of a picture. */
const patch = 28;

/**
 * Of the models that know the toolset of 2026-08-01: larger pictures are refused (Anthropic, "Computer use
 * tool" and "Vision"). A side has 2576 pixels at most, and 2000 once a request holds more than 20
 * pictures, as that of a longer conversation does.
 */
export const pictureLimits: PictureLimits = {
  takes: ({ width, height }) =>
    Math.max(width, height) <= 2000 && Math.ceil(width / patch) * Math.ceil(height / patch) <= 4784,
  words: "a side has 2000 pixels at most, and all of it 4784 squares of 28x28",
};

/** Of the models before: they are sent larger ones made smaller, and then miss what they click. */
export const earlierLimits: PictureLimits = {
  takes: ({ width, height }) => Math.max(width, height) <= 1568 && width * height <= 1_150_000,
  words: "a side has 1568 pixels at most, and all of it 1,150,000",
};

/** Characters of a picture in base64 that the API takes: 5 MiB. */
export const maxPictureText = 5 * 1024 * 1024;
