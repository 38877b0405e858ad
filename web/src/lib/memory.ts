/** What the page remembers between visits. A page opened as a file may be refused any storage. */

const PREFIX = "raft-lab.";

export function recall(key: string): string | undefined {
  try {
    return globalThis.localStorage.getItem(PREFIX + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Answers whether it will be there at the next visit. */
export function remember(key: string, value: string): boolean {
  try {
    globalThis.localStorage.setItem(PREFIX + key, value);
    return true;
  } catch {
    return false;
  }
}

export function remove(key: string): void {
  try {
    globalThis.localStorage.removeItem(PREFIX + key);
  } catch {
    // What cannot be reached cannot be there.
  }
}

/** What this tab remembers through a reload, and no other tab knows; it is forgotten once asked for. */
export function recallOnce(key: string): string | undefined {
  try {
    const kept = globalThis.sessionStorage.getItem(PREFIX + key) ?? undefined;
    globalThis.sessionStorage.removeItem(PREFIX + key);
    return kept;
  } catch {
    return undefined;
  }
}

export function rememberOnce(key: string, value: string): void {
  try {
    globalThis.sessionStorage.setItem(PREFIX + key, value);
  } catch {
    // The address knows it as well, only a little later.
  }
}

/** The keys of all that is remembered whose key begins so. */
export function keysOf(start: string): string[] {
  try {
    const keys = Object.keys(globalThis.localStorage);
    const ours = keys.filter((key) => key.startsWith(PREFIX + start));
    return ours.map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** A key that no other page in this browser has made. */
export function freshKey(): string {
  const [number = 0] = globalThis.crypto.getRandomValues(new Uint32Array(1));
  return `${Date.now().toString(36)}-${number.toString(36)}`;
}
