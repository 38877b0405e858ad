/** What the page remembers between visits. A page opened as a file may be refused any storage. */

export function recall(key: string): string | undefined {
  try {
    return globalThis.localStorage.getItem(`raft-lab.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: string): void {
  try {
    globalThis.localStorage.setItem(`raft-lab.${key}`, value);
  } catch {
    // Nothing is lost but the memory of a preference.
  }
}
