/** One client of the stage: a card with what it asks for now, or was answered last. */
import type { JSX } from "preact";
import type { ClientView } from "../engine/types";
import { partyName as name, t } from "../i18n";
import { CLIENT, type Point } from "../lib/geometry";
import { pressed } from "./hooks";
import { keyed } from "./keyed";
import { textWidth } from "./measure";
import { clientMenu } from "./menus";
import { useLab } from "./use-lab";

interface Props {
  readonly client: ClientView;
  readonly place: Point;
  /** How wide the card may be. */
  readonly room: number;
}

export const ClientCard = keyed(DrawnClient);

function DrawnClient(props: Props): JSX.Element {
  const lab = useLab();
  const { menu } = lab;
  const { client, place, room } = props;
  const asks = client.asking !== undefined;
  const state = asks ? t("clientAsks", { operation: client.asking ?? "" }) : t("clientIdle");
  const label = t("clientAria", { name: name(-client.id), state });
  const own = name(-client.id);
  const to = client.server === undefined ? "" : ` → ${name(client.server)}`;
  const more = client.queued > 0 ? ` +${client.queued}` : "";
  const open = (target: Element): void => menu.openOn(target, clientMenu(lab, client));
  return (
    <g
      class={`client${asks ? " asks" : ""}`}
      transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}
      role="button"
      tabindex={0}
      data-client={client.id}
      aria-label={label}
      onClick={(event) => open(event.currentTarget)}
      onKeyDown={(event) => pressed(event, () => open(event.currentTarget))}
    >
      <title>{label}</title>
      <rect x={-room / 2} y={-CLIENT.h / 2} width={room} height={CLIENT.h} rx={5} />
      <text class="name" y={-3} text-anchor="middle">
        {fitting([`${own}${to}${more}`, `${own}${to}`, own], room - 8)}
      </text>
      <text class="role" y={11} text-anchor="middle">
        {shortened(client.asking ?? client.lastAnswer, room - 8)}
      </text>
    </g>
  );
}

/** The first of these that there is room for; the last one anyway. */
function fitting(names: readonly string[], room: number): string {
  const fits = (words: string): boolean => textWidth(words, "client") <= room;
  return names.find(fits) ?? names[names.length - 1] ?? "";
}

/** As much of the words as there is room for. */
function shortened(words: string, room: number): string {
  if (textWidth(words, "role") <= room) return words;
  let kept = [...words].slice(0, 24);
  while (kept.length > 0 && textWidth(`${kept.join("")}…`, "role") > room) {
    kept = kept.slice(0, -1);
  }
  return `${kept.join("")}…`;
}
