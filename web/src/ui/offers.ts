/**
 * What the menus of things offer. Most readers look before they act, so it is loaded with the first menu
 * that is opened (later.tsx); time stands still meanwhile, as in every menu.
 */
import type { Lab } from "../state/lab";
import type { Offer } from "../state/state";
import { loadParts, tellPartMissing } from "./later";

type Menus = typeof import("./parts").menus;
type Of<M extends keyof Menus> = Parameters<Menus[M]>;
type Offered = Promise<Offer | undefined>;

export async function serverMenu(...asked: Of<"serverMenu">): Offered {
  return (await menus(asked[0]))?.serverMenu(...asked);
}

export async function clientMenu(...asked: Of<"clientMenu">): Offered {
  return (await menus(asked[0]))?.clientMenu(...asked);
}

export async function branchMenu(...asked: Of<"branchMenu">): Offered {
  return (await menus(asked[0]))?.branchMenu(...asked);
}

export async function linkMenu(...asked: Of<"linkMenu">): Offered {
  return (await menus(asked[0]))?.linkMenu(...asked);
}

export async function messageMenu(...asked: Of<"messageMenu">): Offered {
  return (await menus(asked[0]))?.messageMenu(...asked);
}

export async function entryMenu(...asked: Of<"entryMenu">): Offered {
  return (await menus(asked[0]))?.entryMenu(...asked);
}

export async function logMenu(...asked: Of<"logMenu">): Offered {
  return (await menus(asked[0]))?.logMenu(...asked);
}

/** From now on what is done becomes a line of the text, or no longer does. */
export async function toggleRecording(lab: Lab): Promise<void> {
  (await menus(lab))?.toggleRecording(lab);
}

async function menus({ notices }: Lab): Promise<Menus | undefined> {
  try {
    await loadParts();
  } catch {
    tellPartMissing(notices);
  }
  return globalThis.raftMenus;
}
