/** Unpacks the engine that the bundle carries. */
import { XzReadableStream } from "xz-decompress";

/** Decodes base64 by hand: a `data:` fetch would need a wider content policy. */
function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export async function unpacked(wasm: string): Promise<ArrayBuffer> {
  const packed = new Blob([bytesOfBase64(wasm)]).stream();
  return new Response(new XzReadableStream(packed)).arrayBuffer();
}
