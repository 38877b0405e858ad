/** The halves of a joint configuration around the ring: who of each stores its entry (§6). */
import type { JSX } from "preact";
import type { HalfView, View } from "../engine/types";
import { partyName as name, t } from "../i18n";
import type { Box, Ring } from "../lib/geometry";
import { nameSpot, segment } from "../lib/halves";
import { textWidth } from "./measure";

const NAMES = ["C_old", "C_new"] as const;

/** The leader under a joint configuration, of the latest term if there are several. */
function joint(view: View) {
  const leaders = view.servers.filter(({ halves }) => halves.length > 0);
  return leaders.sort((one, other) => other.currentTerm - one.currentTerm)[0];
}

function words({ tally, voters }: HalfView, half: number): string {
  const { have, need } = tally;
  return t("halfCounts", { half: NAMES[half] ?? "", have, all: voters.length, need });
}

/** What a small stage has room for. */
function shortWords({ tally, voters }: HalfView, half: number): string {
  return `${NAMES[half]} ${tally.have}/${voters.length}`;
}

interface Named extends Box {
  readonly text: string;
}

interface Props {
  readonly view: View;
  readonly ring: Ring;
  readonly height: number;
  readonly width: number;
  readonly top: number;
}

/** The names of the halves with their boxes, which labels keep clear of. */
export function halfNames({
  view,
  ring,
  width,
  height,
  top,
}: Props): readonly (Named | undefined)[] {
  const halves = joint(view)?.halves ?? [];
  const discs = ring.places.map((place) => ({ ...place, r: ring.radius + 9 }));
  const cards = ring.clients.map((place) => ({ ...place, ...ring.card }));
  const found: (Named | undefined)[] = [];
  for (const [half, one] of halves.entries()) {
    const track = { orbit: ring.orbit, count: view.servers.length, radius: ring.radius, half };
    const ids = one.voters.map(({ id }) => id);
    const boxes = [...cards, ...found.flatMap((box) => box ?? [])];
    const named = [words(one, half), shortWords(one, half)].map((text): Named | undefined => {
      const size = { w: textWidth(text, "half") + 4, h: 15 };
      const box = nameSpot(track, ids, size, discs, boxes, { width, height, top });
      return box && { ...box, text };
    });
    found.push(named[0] ?? named[1]);
  }
  return found;
}

export function Halves(props: Props): JSX.Element | null {
  const { view, ring } = props;
  const leader = joint(view);
  if (!leader) return null;
  const names = halfNames(props);
  return (
    <g class="halves">
      {leader.halves.map((half, i) => {
        const track = {
          orbit: ring.orbit,
          count: view.servers.length,
          radius: ring.radius,
          half: i,
        };
        const box = names[i];
        const isEnough = half.tally.have >= half.tally.need;
        return (
          <g key={NAMES[i]} data-half={NAMES[i]} class={isEnough ? "enough" : "lacking"}>
            <title>{words(half, i)}</title>
            {half.voters.map(({ id, stores }) => (
              <g key={id} data-holder={id} class={stores ? "stores" : "lacks"}>
                <title>
                  {t(stores ? "holderStores" : "holderLacks", {
                    name: name(id),
                    index: half.index,
                    leader: name(leader.id),
                  })}
                </title>
                <path d={segment(track, id)} />
                {stores ? null : <path class="hollow" d={segment(track, id)} />}
              </g>
            ))}
            {box ? (
              <text x={box.x} y={box.y} dy="0.36em" text-anchor="middle">
                {box.text}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}
