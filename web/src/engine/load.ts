/** Unpacks the engine that the bundle carries, and opens laboratories with it. */

import { wasm } from "virtual:wasm";
import { XzReadableStream } from "xz-decompress";
import init, { Lab, type Opened } from "../../pkg/raft_wasm";
import type { Problem } from "./types";

/** Decodes base64 by hand: a `data:` fetch would need a wider content policy. */
function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export async function loadEngine(): Promise<void> {
  const packed = new Blob([bytesOfBase64(wasm)]).stream();
  const plain = new Response(new XzReadableStream(packed));
  // biome-ignore lint/style/useNamingConvention: the glue code of wasm-bindgen names it so.
  await init({ module_or_path: await plain.arrayBuffer() });
}

/** A laboratory, or why there is none. */
export type Opening = { lab: Lab; problem?: undefined } | { lab?: undefined; problem: Problem };

const UNKNOWN: Problem = {
  line: 0,
  column: 0,
  message: "",
  remedy: "",
  messageZh: "",
  remedyZh: "",
  excerpt: "",
};

/** A laboratory of this playbook, however long it takes to play it. */
export function openLab(playbook: string): Opening {
  return openingOf(Lab.open(playbook));
}

export function openingOf(opened: Opened): Opening {
  const lab = opened.lab();
  return lab ? { lab } : { problem: opened.error() ?? UNKNOWN };
}
