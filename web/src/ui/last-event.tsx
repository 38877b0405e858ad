import type { JSX } from "preact";
import { useLab } from "./use-lab";

/** The last event, said aloud by a screen reader when it came by a step and not by playing. */
export function LastEvent(): JSX.Element {
  const { state } = useLab();
  const event = state.play.playing ? undefined : state.shown.explanation?.event;
  return (
    <p class="unseen" aria-live="polite">
      {event?.text ?? ""}
    </p>
  );
}
