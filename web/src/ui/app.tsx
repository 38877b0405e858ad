/** The page as a whole. */
import type { JSX } from "preact";
import { roomy } from "../state/page";
import type { Dialog } from "../state/state";
import { Caption } from "./caption";
import { Diagram } from "./diagram";
import { LastEvent } from "./events";
import { Header } from "./header";
import { Help } from "./help";
import { Logs } from "./logs";
import { Menu } from "./menu";
import { NewRun } from "./new-run";
import { Notices } from "./notices";
import { Panels } from "./panels";
import { Playbooks } from "./playbooks";
import { Stage } from "./stage";
import { Transport } from "./transport";
import { UnderWay } from "./under-way";
import { useLab } from "./use-lab";

export function App(): JSX.Element {
  const { state } = useLab();
  const { dialog, spread } = state.viewState;
  return (
    <>
      <div
        class={`app${state.shown.phases.length > 0 ? " with-caption" : ""}`}
        inert={dialog !== undefined}
      >
        <Header />
        <div class="body">
          <main>
            {spread ? null : <Stage />}
            {spread ? null : <Logs />}
            <Panels />
          </main>
          {roomy.value ? null : <Caption />}
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
