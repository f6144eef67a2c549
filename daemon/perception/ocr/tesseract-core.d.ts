/** What we use of tesseract.js-core, which has no types: Tesseract's TessBaseAPI, by Emscripten. */
declare module "tesseract.js-core/tesseract-core-simd-lstm.js" {
  interface TessBaseApi {
    /** 0: done. `engine` 1 is LSTM only. */
    Init(folder: string | null, languages: string, engine: number): number;
    SetVariable(name: string, value: string): boolean;
    /** Takes the file /input; 1: it is no picture. */
    SetImageFile(exifOrientation: number, angle: number): number;
    /** 0: done. */
    Recognize(monitor: null): number;
    GetTSVText(page?: number): string;
  }
  interface TesseractModule {
    FS: { writeFile(path: string, bytes: Uint8Array): void };
    TessBaseAPI: new () => TessBaseApi;
  }
  export default function load(options: {
    wasmBinary: Uint8Array;
    /** Is told percents; must be there. */
    TesseractProgress(percent: number): void;
  }): Promise<TesseractModule>;
}
