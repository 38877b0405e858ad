/** Components that are drawn again only when something that they show is different. */
import { Component, type FunctionComponent, h, type VNode } from "preact";
import { isSame } from "../lib/same";

/** Draws with `draw`, and again only for properties that are not the same. */
export function keyed<P extends object>(draw: FunctionComponent<P>): FunctionComponent<P> {
  class Keyed extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !isSame(this.props, next);
    }

    override render(): VNode<P> {
      return h(draw, this.props as P) as VNode<P>;
    }
  }
  return Keyed as unknown as FunctionComponent<P>;
}
