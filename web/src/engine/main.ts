/** What runs at the engine's end: bundled by itself, as its text is what a worker is made of. */
export { serve } from "./host";
export { unpackedText } from "./unpack";
