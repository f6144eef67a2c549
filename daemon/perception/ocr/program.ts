import { gunzipSync } from "node:zlib";
import loadTesseract from "tesseract.js-core/tesseract-core-simd-lstm.js";
import { assets } from "../../assets.ts";

/** LSTM only, which is all that the embedded model has. */
const lstm = 1;

/**
 * Tesseract, compiled to WebAssembly, for one picture file: gives its TSV. It takes some 300 MB of memory, which
 * JavaScript never gives back, and nothing can interrupt it: so it is run in a process of its own.
 * Throws when the bytes are no picture.
 */
export async function recognise(
  picture: Uint8Array,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const { wasm, model } = assets.tesseract();
  const [wasmBinary, packed] = await Promise.all([Bun.file(wasm).bytes(), Bun.file(model).bytes()]);
  const { FS, TessBaseAPI } = await loadTesseract({ wasmBinary, TesseractProgress() {} });
  FS.writeFile("eng.traineddata", gunzipSync(packed));
  const api = new TessBaseAPI();
  if (api.Init(null, "eng", lstm) !== 0) throw new Error("tesseract does not take its model");
  for (const [name, value] of Object.entries(variables)) api.SetVariable(name, value);
  FS.writeFile("/input", picture);
  if (api.SetImageFile(1, 0) !== 0) throw new Error("tesseract cannot read the picture");
  if (api.Recognize(null) !== 0) throw new Error("tesseract gave up");
  return api.GetTSVText();
}
