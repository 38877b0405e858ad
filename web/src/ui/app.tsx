/** The page as a whole. */
import type { JSX } from "preact";
import { phases } from "../state/shown";
import { dialog } from "../state/ui";
import { Caption } from "./caption";
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

export function App(): JSX.Element {
  return (
    <div class={`app${phases.value.length > 0 ? " with-caption" : ""}`}>
      <Header />
      <div class="body">
        <main>
          <Stage />
          <Logs />
          <Panels />
        </main>
        <Caption />
      </div>
      <Notices />
      <UnderWay />
      <Transport />
      <LastEvent />
      <Menu />
      <OpenDialog />
    </div>
  );
}

function OpenDialog(): JSX.Element | null {
  switch (dialog.value) {
    case "help":
      return <Help />;
    case "playbooks":
      return <Playbooks />;
    case "newRun":
      return <NewRun />;
    default:
      return null;
  }
}
