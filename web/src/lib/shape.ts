/** What a laboratory of a size has room for. The style sheet asks the same by container queries. */

export interface Shape {
  /** Whether the explanation has a place of its own, and is not one of the tabs. */
  readonly hasNarrator: boolean;
  /** Whether stage, logs and narrator stand beside each other. */
  readonly roomy: boolean;
  /** A phone: cells are narrower, and one scroll holds all that the header and the transport leave. */
  readonly narrow: boolean;
  /** How much larger the stage is drawn, as words are larger: on a large screen. */
  readonly scale: number;
}

export function shapeOf(width: number, height: number): Shape {
  const roomy = width >= 1100 && height >= 600;
  const upright = width >= 760 && width < 1100 && height >= 900 && height >= width;
  return {
    hasNarrator: roomy || upright,
    roomy,
    narrow: width < 760,
    scale: width >= 2400 ? 1.4 : width >= 1900 ? 1.15 : 1,
  };
}

export function isSameShape(one: Shape, other: Shape): boolean {
  return (
    one.hasNarrator === other.hasNarrator &&
    one.roomy === other.roomy &&
    one.narrow === other.narrow &&
    one.scale === other.scale
  );
}
