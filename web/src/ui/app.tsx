/** The page as a whole. */
import type { JSX } from "preact";
import { questionAt } from "../lib/bets";
import { Caption } from "./caption";
import { Header } from "./header";
import { LastEvent } from "./last-event";
import { Later } from "./later";
import { Logs } from "./logs";
import { Notices } from "./notices";
import { Course, Panels, Told } from "./panels";
import { Separator } from "./panes";
import { Stage } from "./stage";
import { Transport } from "./transport";
import { UnderWay } from "./under-way";
import { useLab } from "./use-lab";
import { Welcome } from "./welcome";

export function App(): JSX.Element {
  const lab = useLab();
  const { state, viewState } = lab;
  if (state.embed.asked) return <Later part="embed" leave={() => undefined} />;
  const { dialog, panes, presenting, shape } = state.viewState;
  const spread = presenting ? undefined : state.viewState.spread;
  // Figure 2 takes their place; beside the searches both stay.
  const isCovered = spread === "figure";
  // Where there is no narrator, the doors stand right below the lesson.
  const doors = state.viewState.welcoming && !shape.hasNarrator && !presenting && !spread;
  return (
    <>
      <div
        class={presenting ? "app presenting" : "app"}
        style={{
          "--stage-share": percent(panes.stage),
          "--narrator-share": percent(panes.narrator),
          "--logs-share": percent(panes.logs),
        }}
        inert={dialog !== undefined}
      >
        <Header />
        <div class="body">
          {state.compare.other !== undefined && state.shown.beside ? (
            <Later part="compare" leave={() => lab.compare.leave()} />
          ) : (
            <>
              <main>
                {isCovered ? null : <Stage />}
                {isCovered || doors ? null : <Logs />}
                {doors ? (
                  <Welcome />
                ) : presenting ? (
                  <Later part="deciding" leave={() => viewState.present(false)} />
                ) : (
                  <Panels />
                )}
                {presenting || spread ? null : <Separators />}
              </main>
              {shape.hasNarrator && !presenting ? null : <Lesson />}
            </>
          )}
        </div>
        <Notices />
        <UnderWay />
        {state.diagram.isOpen ? <Later part="diagram" leave={() => lab.diagram.toggle()} /> : null}
        <Transport />
        <LastEvent />
        {state.menu.open ? <Later part="menu" leave={() => lab.menu.close(true)} /> : null}
      </div>
      {dialog === undefined ? null : (
        <Later key={dialog} part={dialog} leave={() => viewState.closeDialog()} />
      )}
    </>
  );
}

/** Where there is no narrator, the lesson stands between the stage and the logs. */
function Lesson(): JSX.Element | null {
  const { bets, shown, viewState } = useLab().state;
  if (!viewState.presenting) {
    return (
      <div class="lesson">
        <Told />
      </div>
    );
  }
  // A room has no place for both: what is asked stands where a clause would.
  if (questionAt(bets.questions, shown.phases, shown.view?.position ?? 0)) return null;
  return (
    <div class="lesson">
      <Caption />
      <Course />
    </div>
  );
}

function Separators(): JSX.Element {
  const { state } = useLab();
  return (
    <>
      <Separator pane="stage" />
      <Separator pane="logs" />
      {state.viewState.shape.roomy ? <Separator pane="narrator" /> : null}
    </>
  );
}

function percent(share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${share.toFixed(2)}%`;
}
