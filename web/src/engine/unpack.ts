/** Unpacks the engine and the playbooks that the bundles carry. */
import { XzReadableStream } from "xz-decompress";

/** Decodes base64 by hand: a `data:` fetch would need a wider content policy. */
function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function unpack(packed: string): Response {
  return new Response(new XzReadableStream(new Blob([bytesOfBase64(packed)]).stream()));
}

export function unpacked(packed: string): Promise<ArrayBuffer> {
  return unpack(packed).arrayBuffer();
}

export function unpackedText(packed: string): Promise<string> {
  return unpack(packed).text();
}
