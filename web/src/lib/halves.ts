/** The halves of a joint configuration as arcs around the ring: where their segments and names stand. */
import type { Box, Orbit, Point } from "./geometry";
import type { Circle } from "./pills";

/** From a disc's edge to the middle of the arc of `C_old`, and from that to the one of `C_new`. */
const FIRST = 16;
const NEXT = 7;
/** How much of the way to its neighbours a segment takes. */
const SHARE = 0.78;
/** How far along the arc a name is moved, in radians, to where it covers nothing. */
const ASIDE = [0, 0.2, -0.2, 0.4, -0.4, 0.6, -0.6, 0.8, -0.8];

interface Track {
  readonly orbit: Orbit;
  readonly count: number;
  readonly radius: number;
  /** 0 for `C_old`, 1 for `C_new`. */
  readonly half: number;
}

function angleOf({ orbit, count }: Track, id: number): number {
  return orbit.turn + (2 * Math.PI * (id - 1)) / count;
}

function at({ orbit, radius, half }: Track, angle: number, more = 0): Point {
  const out = radius + FIRST + half * NEXT + more;
  return {
    x: orbit.x + (orbit.rx + out) * Math.cos(angle),
    y: orbit.y + (orbit.ry + out) * Math.sin(angle),
  };
}

/** The path of a member's segment. */
export function segment(track: Track, id: number): string {
  const middle = angleOf(track, id);
  const reach = (SHARE * Math.PI) / track.count;
  const points = [-1, -0.6, -0.2, 0.2, 0.6, 1].map((share) => at(track, middle + share * reach));
  return `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
}

/** Where the name of a half stands: beside one of its segments, on nothing else. */
export function nameSpot(
  track: Track,
  ids: readonly number[],
  size: { readonly w: number; readonly h: number },
  discs: readonly Circle[],
  boxes: readonly Box[],
  room: { readonly width: number; readonly height: number; readonly top: number },
): Box | undefined {
  for (const aside of ASIDE) {
    for (const id of ids) {
      const angle = angleOf(track, id) + aside;
      const edge = at(track, angle, 8 + (1 - track.half) * NEXT);
      const box = {
        x: edge.x + (Math.cos(angle) * size.w) / 2,
        y: edge.y + (Math.sin(angle) * size.h) / 2,
        ...size,
      };
      if (isFree(box, discs, boxes, room)) return box;
    }
  }
  return undefined;
}

function isFree(
  { x, y, w, h }: Box,
  discs: readonly Circle[],
  boxes: readonly Box[],
  room: { readonly width: number; readonly height: number; readonly top: number },
): boolean {
  if (x < w / 2 + 2 || x > room.width - w / 2 - 2) return false;
  if (y < room.top + h / 2 || y > room.height - h / 2 - 2) return false;
  const onDisc = discs.some((disc) => {
    const dx = Math.max(0, Math.abs(x - disc.x) - w / 2);
    const dy = Math.max(0, Math.abs(y - disc.y) - h / 2);
    return Math.hypot(dx, dy) < disc.r;
  });
  const onBox = boxes.some(
    (box) => Math.abs(x - box.x) < (w + box.w) / 2 && Math.abs(y - box.y) < (h + box.h) / 2,
  );
  return !onDisc && !onBox;
}
