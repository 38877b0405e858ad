/** The page as a whole. */
import type { JSX } from "preact";
import { roomy } from "../state/page";
import type { Dialog } from "../state/state";
import { Caption } from "./caption";
import { Compare } from "./compare";
import { Deciding } from "./deciding";
import { Diagram } from "./diagram";
import { LastEvent } from "./events";
import { Header } from "./header";
import { Help } from "./help";
import { Logs } from "./logs";
import { Menu } from "./menu";
import { NewRun } from "./new-run";
import { Notices } from "./notices";
import { Panels } from "./panels";
import { Separator } from "./panes";
import { Playbooks } from "./playbooks";
import { Stage } from "./stage";
import { Transport } from "./transport";
import { UnderWay } from "./under-way";
import { useLab } from "./use-lab";

export function App(): JSX.Element {
  const { state } = useLab();
  const { dialog, panes, presenting } = state.viewState;
  const spread = state.viewState.spread && !presenting;
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
            <Compare />
          ) : (
            <>
              <main>
                {spread ? null : <Stage />}
                {spread ? null : <Logs />}
                {presenting ? <Deciding /> : <Panels />}
                {presenting || spread ? null : <Separators />}
              </main>
              {roomy.value && !presenting ? null : <Caption />}
            </>
          )}
        </div>
        <Notices />
        <UnderWay />
        <Diagram />
        <Transport />
        <LastEvent />
        <Menu />
      </div>
      {dialog === undefined ? null : <Sheet dialog={dialog} />}
    </>
  );
}

function Separators(): JSX.Element {
  return (
    <>
      <Separator pane="stage" />
      <Separator pane="logs" />
      {roomy.value ? <Separator pane="narrator" /> : null}
    </>
  );
}

function percent(share: number | undefined): string | undefined {
  return share === undefined ? undefined : `${share.toFixed(2)}%`;
}

function Sheet(props: { readonly dialog: Dialog }): JSX.Element {
  switch (props.dialog) {
    case "help":
      return <Help />;
    case "playbooks":
      return <Playbooks />;
    case "newRun":
      return <NewRun />;
  }
}
