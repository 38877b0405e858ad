/** Components that are drawn again only when something that they show is different. */
import { Component, type FunctionComponent, h, type VNode } from "preact";

/**
 * Every View is made anew, so that two of them are never the same object even where they say the
 * same; `key` tells what a component shows as a text, by default all of its properties.
 */
export function keyed<P extends object>(
  draw: FunctionComponent<P>,
  key: (props: P) => string = JSON.stringify,
): FunctionComponent<P> {
  class Keyed extends Component<P> {
    private shown = key(this.props as P);

    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const wanted = key(next);
      const different = wanted !== this.shown;
      this.shown = wanted;
      return different;
    }

    override render(): VNode<P> {
      return h(draw, this.props as P) as VNode<P>;
    }
  }
  return Keyed as unknown as FunctionComponent<P>;
}
