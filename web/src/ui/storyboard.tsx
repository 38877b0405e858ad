/** Every step of a playbook as a picture and its caption, for paper and for readers who never touch. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { View } from "../engine/types";
import { t } from "../i18n/later";
import { landing } from "../lib/phases";
import { formatInstant } from "../lib/time";
import type { Lab } from "../state/lab";
import { Dialog } from "./dialog";
import { useLab } from "./use-lab";

interface Step {
  readonly caption: string;
  readonly at: number;
  /** The stage as it was drawn then. */
  readonly picture: Element;
}

/** Goes through the steps and keeps what the stage shows at each; then back to where the run stood. */
async function stepsOf(lab: Lab, isWanted: () => boolean): Promise<readonly Step[]> {
  const { element, session, state, viewState } = lab;
  const { phases, view } = state.shown;
  if (!view) return [];
  const before = { position: view.position, at: view.now };
  const run = state.run.current.id;
  let there: View = view;
  const steps: Step[] = [];
  viewState.tour(true);
  for (const [number, { caption }] of phases.entries()) {
    const place = landing(phases, number, view.toldUntil);
    if (!isWanted()) break;
    if (!place) continue;
    await session.goToPlace(place);
    there = state.shown.view ?? there;
    await drawn();
    const stage = element.querySelector(".app .stage > svg");
    if (stage) steps.push({ caption, at: state.shown.view?.now ?? 0, picture: still(stage) });
  }
  // Whoever has closed it and gone elsewhere meanwhile is not led back.
  const now = state.shown.view;
  const isThere = now?.branch === there.branch && now.position === there.position;
  if (isThere && run === state.run.current.id) await session.goToPlace(before);
  viewState.tour(false);
  return steps;
}

/** Two frames: one in which the state is drawn, and one in which that has been measured. */
function drawn(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}

/** A copy that nothing moves any more, and that nobody can press. */
function still(stage: Element): Element {
  const copy = stage.cloneNode(true) as Element;
  copy.removeAttribute("width");
  copy.removeAttribute("height");
  copy.setAttribute("aria-hidden", "true");
  for (const element of copy.querySelectorAll("*")) {
    for (const name of ["tabindex", "role", "aria-label", "data-server", "data-link", "data-of"])
      element.removeAttribute(name);
    if (element.tagName === "title" || element.matches(".hit")) element.remove();
  }
  return copy;
}

export function Storyboard(): JSX.Element {
  const lab = useLab();
  const [steps, setSteps] = useState<readonly Step[]>();
  useEffect(() => {
    let isHere = true;
    void stepsOf(lab, () => isHere).then((found) => isHere && setSteps(found));
    return () => {
      isHere = false;
    };
  }, []);
  return (
    <Dialog title={`${t("storyboard")}: ${lab.run.name() || lab.run.clusterWords()}`}>
      <p class="share-ways unprinted">
        <button type="button" class="main" disabled={!steps} onClick={() => print()}>
          {t("storyboardPrint")}
        </button>
        <span role="status" class="dim">
          {steps ? t("storyboardSteps", { count: steps.length }) : t("storyboardDraws")}
        </span>
      </p>
      <p>{lab.run.modified()}</p>
      <ol class="storyboard">
        {(steps ?? []).map((step, i) => (
          <li key={step.at + step.caption}>
            <Picture of={step.picture} />
            <p>
              <b>{i + 1}</b> {step.caption} <span class="dim">{formatInstant(step.at)}</span>
            </p>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function Picture(props: { readonly of: Element }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.replaceChildren(props.of), [props.of]);
  return <div class="stage storyboard-picture" ref={place} />;
}
