/** One client of the stage: a card with what it asks for now, or was answered last. */
import type { JSX } from "preact";
import type { ClientView } from "../engine/types";
import { partyName as name, t } from "../i18n";
import type { Point } from "../lib/geometry";
import { isWhole, type Rail } from "../lib/rail";
import { pressed } from "./hooks";
import { keyed } from "./keyed";
import { textWidth } from "./measure";
import { clientMenu } from "./offers";
import { useLab } from "./use-lab";

interface Props {
  readonly client: ClientView;
  readonly place: Point;
  readonly card: Rail["card"];
  /** Whether its request, or the answer to it, is on its way. */
  readonly travels: boolean;
}

export const ClientCard = keyed(DrawnClient);

function DrawnClient(props: Props): JSX.Element {
  const lab = useLab();
  const { menu } = lab;
  const { client, place, card, travels } = props;
  const asks = client.asking !== undefined;
  const state = asks ? t("clientAsks", { operation: client.asking ?? "" }) : t("clientIdle");
  const label = t("clientAria", { name: name(-client.id), state });
  const own = name(-client.id);
  const to = client.server === undefined ? "" : ` → ${name(client.server)}`;
  const more = client.queued > 0 ? ` +${client.queued}` : "";
  const room = card.w - 8;
  const open = (target: Element): void => menu.openOn(target, clientMenu(lab, client));
  return (
    <g
      class={`client${asks ? " asks" : ""}${travels ? " travels" : ""}`}
      transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}
      role="button"
      tabindex={0}
      data-client={client.id}
      aria-label={label}
      onClick={(event) => open(event.currentTarget)}
      onKeyDown={(event) => pressed(event, () => open(event.currentTarget))}
    >
      <title>{label}</title>
      <rect x={-card.w / 2} y={-card.h / 2} width={card.w} height={card.h} rx={5} />
      {isWhole(card) ? (
        <Whole client={client} room={room} />
      ) : card.h < TWO_LINES ? (
        <text class="name" dy="0.36em" text-anchor="middle">
          {shortened(`${own} ${client.asking ?? ""}`, room, "client")}
        </text>
      ) : (
        <>
          <text class="name" y={-3} text-anchor="middle">
            {fitting([`${own}${to}${more}`, `${own}${to}`, own], room)}
          </text>
          <text class="role" y={11} text-anchor="middle">
            {shortened(client.asking ?? client.lastAnswer, room)}
          </text>
        </>
      )}
    </g>
  );
}

/** A card lower than this has room for one line. */
const TWO_LINES = 30;

/** In a rail: what it asks for, and below where that stands in the log of the leader. */
function Whole(props: { readonly client: ClientView; readonly room: number }): JSX.Element {
  const { client, room } = props;
  const { asking, indices, server } = client;
  const asked = server === undefined ? "" : t("clientAsked", { name: name(server) });
  const at = indices.length > 0 ? t("clientAt", { indices: indices.join(", ") }) : "";
  const where = [at, asked].filter((words) => words !== "").join(" · ");
  const left = -room / 2;
  return (
    <>
      <text class="name" x={left} y={-4}>
        {shortened(`${name(-client.id)} ${asking ?? t("clientIdle")}`, room, "client")}
      </text>
      <text class="role" x={left} y={11}>
        {shortened(asking === undefined ? client.lastAnswer : where, room)}
      </text>
    </>
  );
}

/** The first of these that there is room for; the last one anyway. */
function fitting(names: readonly string[], room: number): string {
  const fits = (words: string): boolean => textWidth(words, "client") <= room;
  return names.find(fits) ?? names[names.length - 1] ?? "";
}

/** As much of the words as there is room for. */
function shortened(words: string, room: number, font: "role" | "client" = "role"): string {
  if (textWidth(words, font) <= room) return words;
  let kept = [...words].slice(0, 24);
  while (kept.length > 0 && textWidth(`${kept.join("")}…`, font) > room) {
    kept = kept.slice(0, -1);
  }
  return `${kept.join("")}…`;
}
