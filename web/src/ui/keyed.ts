/** Components that are drawn again only when something that they show is different. */
import { Component, type FunctionComponent, h, type VNode } from "preact";

type Same<P> = (before: P, after: P) => boolean;

/**
 * Draws with `draw`, and again only for properties that are not the same. Every View is made anew,
 * so what shows objects of it says with `same` what it shows of them.
 */
export function keyed<P extends object>(
  draw: FunctionComponent<P>,
  same: Same<P> = sameValues,
): FunctionComponent<P> {
  class Keyed extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !same(this.props as P, next as P);
    }

    override render(): VNode<P> {
      return h(draw, this.props as P) as VNode<P>;
    }
  }
  return Keyed as unknown as FunctionComponent<P>;
}

/** Whether two objects have the same plain values in the same places, but for the fields left out. */
export function sameValues<T extends object>(
  before: T,
  after: T,
  but: readonly (keyof T)[] = [],
): boolean {
  for (const key in after) {
    if (before[key] !== after[key] && !but.includes(key)) return false;
  }
  for (const key in before) {
    if (!(key in after)) return false;
  }
  return true;
}

/** Whether two lists hold the same plain values, or objects of the same plain values. */
export function sameList<T>(before: readonly T[], after: readonly T[]): boolean {
  return (
    before === after ||
    (before.length === after.length && before.every((one, i) => sameItem(one, after[i])))
  );
}

function sameItem(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  return isObject(one) && isObject(other) && sameValues(one, other);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
