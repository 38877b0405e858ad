/**
 * What stands behind `#` in the page's address: a playbook of the page by its name, a run of the
 * journal, or a whole run packed into a link; and the instant, as the number of events before it.
 */
import { count, type Linked, linked } from "./link";

export type Address =
  | { readonly kind: "none" }
  | { readonly kind: "free" }
  | { readonly kind: "playbook"; readonly path: string; readonly at: number }
  | { readonly kind: "kept"; readonly id: string; readonly at: number }
  | ({ readonly kind: "run" } & Linked)
  | { readonly kind: "too long" }
  | { readonly kind: "broken" };

export function playbookHash(path: string, at: number): string {
  return `#/${path.replace(/\.raft$/, "")}${at > 0 ? `?at=${at}` : ""}`;
}

/** A fresh cluster, with nothing said about it. */
export const FREE = "#free";

export function keptHash(id: string, at: number): string {
  return `#kept=${id}&at=${at}`;
}

/** The same, for a page that presents what it names. */
export function presented(hash: string): string {
  if (hash === "") return "#present";
  return `${hash}${hash.startsWith("#/") && !hash.includes("?") ? "?" : "&"}present`;
}

export function isPresented(hash: string): boolean {
  return /[#?&]present$/.test(hash);
}

export async function addressOf(hash: string): Promise<Address> {
  if (hash.startsWith("#/")) return named(hash.slice(2));
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const id = fields.get("kept");
  if (id !== null) return { kind: "kept", id, at: count(fields.get("at")) };
  if (fields.has("free")) return { kind: "free" };
  const found = await linked(hash);
  if (found === "none") return { kind: "none" };
  if (found === "too long") return { kind: "too long" };
  return found ? { kind: "run", ...found } : { kind: "broken" };
}

function named(rest: string): Address {
  const [path = "", query = ""] = rest.split("?");
  const at = count(new URLSearchParams(query).get("at"));
  try {
    return {
      kind: "playbook",
      path: `${decodeURIComponent(path).replace(/\.raft$/, "")}.raft`,
      at,
    };
  } catch {
    return { kind: "broken" };
  }
}
