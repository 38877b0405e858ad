/**
 * Links that hold a whole run: its text, deflated, in the part of the address that browsers keep
 * to themselves. Whatever comes from one is data, and bounded before it is unpacked to the end.
 */

export interface Linked {
  readonly text: string;
  /** How many events have happened at the instant that the link opens at. */
  readonly at: number;
}

/** The longest text that a link may hold: more is for a file. */
export const BYTES_MAX = 1024 * 1024;

/** No text of that length needs more letters, however badly it packs. */
const LETTERS_MAX = 1.5 * BYTES_MAX;
/** Browsers inflate what they are given whole, up to a thousandfold, so they are given little. */
const SLICE_BYTES = 1024;

/** What stands behind `#` in a link to a run. */
export async function fragmentOf(text: string, at: number): Promise<string> {
  const plain = new Blob([text]).stream();
  const packed = plain.pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  return `run=${base64urlOf(bytes)}&at=${at}`;
}

/** What a link holds: nothing if it is no link to a run; undefined if it cannot be unpacked. */
export async function linked(hash: string): Promise<Linked | "none" | "too long" | undefined> {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const run = fields.get("run");
  if (run === null) return "none";
  if (run.length > LETTERS_MAX) return "too long";
  const bytes = bytesOf(run);
  if (!bytes) return undefined;
  try {
    const plain = slicesOf(bytes).pipeThrough(new DecompressionStream("deflate-raw"));
    const text = await textOf(plain);
    if (text === undefined) return "too long";
    if (text.trim() === "") return undefined;
    return { text, at: count(fields.get("at")) };
  } catch {
    return undefined;
  }
}

/** A count of events; what is none is the beginning. */
export function count(text: string | null): number {
  const number = Number(text ?? 0);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** Reads to the end, unless it is longer than any playbook: a short link may unpack to a huge one. */
async function textOf(stream: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const reader = stream.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > BYTES_MAX) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function slicesOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, at + SLICE_BYTES));
        at += SLICE_BYTES;
      },
    },
    { highWaterMark: 0 },
  );
}

function base64urlOf(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(base64url)) return undefined;
  try {
    const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
