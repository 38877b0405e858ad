/** What parts the panes: dragged, or moved by the arrow keys; a double click gives back their own sizes. */
import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { type Key, t } from "../i18n";
import type { Pane } from "../state/state";
import { useLab } from "./use-lab";

/** By so much of the laboratory, in percent, an arrow key moves a separator. */
const STEP = 2;

interface Way {
  readonly selector: string;
  readonly label: Key;
  readonly lies: "vertical" | "horizontal";
  /** The keys that make the pane larger and smaller. */
  readonly larger: string;
  readonly smaller: string;
}

const WAYS: Readonly<Record<Pane, Way>> = {
  stage: {
    selector: ".stage",
    label: "paneStage",
    lies: "vertical",
    larger: "ArrowRight",
    smaller: "ArrowLeft",
  },
  narrator: {
    selector: ".aside",
    label: "paneNarrator",
    lies: "vertical",
    larger: "ArrowLeft",
    smaller: "ArrowRight",
  },
  logs: {
    selector: ".logs",
    label: "paneLogs",
    lies: "horizontal",
    larger: "ArrowDown",
    smaller: "ArrowUp",
  },
};

export function Separator(props: { readonly pane: Pane }): JSX.Element {
  const { element, viewState } = useLab();
  const { pane } = props;
  const { selector, label, lies, larger, smaller } = WAYS[pane];
  const [now, setNow] = useState(0);
  /** The pane's share of the laboratory, as it is: the style sheet keeps it from becoming too small. */
  const measured = (): number => {
    const own = element.querySelector(selector)?.getBoundingClientRect();
    const all = element.getBoundingClientRect();
    if (!own) return 0;
    return (lies === "vertical" ? own.width / all.width : own.height / all.height) * 100;
  };
  useLayoutEffect(() => {
    const own = element.querySelector(selector);
    if (!own) return undefined;
    const observer = new ResizeObserver(() => setNow(Math.round(measured())));
    observer.observe(own);
    return () => observer.disconnect();
  }, []);
  const shareAt = ({ clientX, clientY }: PointerEvent): number => {
    const all = element.getBoundingClientRect();
    if (pane === "stage") return ((clientX - all.left) / all.width) * 100;
    if (pane === "narrator") return ((all.right - clientX) / all.width) * 100;
    const top = element.querySelector(selector)?.getBoundingClientRect().top ?? all.top;
    return ((clientY - top) / all.height) * 100;
  };
  return (
    <div
      class={`separator of-${pane}`}
      role="separator"
      tabIndex={0}
      aria-label={t(label)}
      title={t("paneHint")}
      aria-orientation={lies}
      aria-valuenow={now}
      aria-valuemin={0}
      aria-valuemax={100}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          viewState.resize(pane, shareAt(event));
      }}
      onDblClick={() => viewState.resize(pane, undefined)}
      onKeyDown={(event) => {
        const { key } = event;
        if (key !== larger && key !== smaller) return;
        viewState.resize(pane, measured() + (key === larger ? STEP : -STEP));
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
