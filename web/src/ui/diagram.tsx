/** The diagram of space and time, which grows out of the tape: a lane a server, and every message. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { partyName as name } from "../i18n";
import { t } from "../i18n/later";
import { History } from "../lib/diagram/history";
import { Canvas } from "./diagram-canvas";
import { FOOT, HEAD } from "./diagram-paint";
import { Tools } from "./diagram-tools";
import { useSize } from "./hooks";
import { useLab } from "./use-lab";

/** A lane is at most so high. */
const PITCH_MAX = 53;

export function Diagram(): JSX.Element | null {
  const { state } = useLab();
  // Two branches side by side take all the room, and it could show only one of them.
  const hasRoom = state.compare.other === undefined;
  return hasRoom && state.shown.calmView ? <Open /> : null;
}

function Open(): JSX.Element {
  const { diagram, state } = useLab();
  const [ref, size] = useSize<HTMLDivElement>();
  useEffect(() => diagram.draw(() => new History()), []);
  const { history } = state.diagram;
  const servers = state.shown.calmView?.servers ?? [];
  const shown = servers.map(({ id }) => id).filter((id) => !state.diagram.hidden.includes(id));
  const pitch = Math.min(PITCH_MAX, (size.height - HEAD - FOOT) / Math.max(1, shown.length));
  const lanes: (number | undefined)[] = [];
  for (const [row, id] of shown.entries()) lanes[id] = HEAD + pitch * (row + 0.5);
  return (
    <section
      class="diagram"
      aria-label={t("diagram")}
      style={{ "--lanes": String(servers.length) }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        diagram.toggle();
      }}
    >
      <Tools />
      <div class="diagram-body" ref={ref}>
        <ul class="diagram-names" aria-label={t("diagramServers")}>
          {shown.map((id) => (
            <li key={id} data-of={name(id)} style={{ top: `${lanes[id]}px` }}>
              <button
                type="button"
                class="quiet"
                title={t("diagramHide", { name: name(id) })}
                aria-label={t("diagramHide", { name: name(id) })}
                onClick={() => diagram.toggleServer(id)}
              >
                {name(id)}
              </button>
            </li>
          ))}
        </ul>
        {history ? <Canvas history={history} lanes={lanes} height={size.height} /> : null}
      </div>
    </section>
  );
}
