/** What the lesson says at this point of a playbook. */
import type { JSX } from "preact";
import { t } from "../i18n";
import { go_to_phase, next_phase } from "../state/session";
import { phases, playing, view } from "../state/shown";
import { Icon } from "./icons";

/** Longest start of a caption that is its name: `005 · The new leader…`. */
const HEAD_LETTERS = 24;

/** A caption's name and its sentence. */
function headed(caption: string): [string, string] {
  const at = caption.indexOf(" · ");
  if (at <= 0 || at > HEAD_LETTERS) return ["", caption];
  return [caption.slice(0, at), caption.slice(at + 3)];
}

export function Caption(): JSX.Element | null {
  const all = phases.value;
  const at = view.value?.phase;
  if (all.length === 0) return null;
  const now = at === undefined ? -1 : at;
  const position = view.value?.position ?? 0;
  const at_end = position >= (view.value?.length ?? 0);
  const waits = !playing.value && !at_end && position === all[now]?.position;
  const [head, text] = headed(all[now]?.caption ?? "");
  return (
    <section class="caption" aria-label={t("phase", { at: now + 1, all: all.length })}>
      <button
        type="button"
        class="icon-only"
        title={`${t("phase_previous")} ( [ )`}
        aria-label={t("phase_previous")}
        disabled={now <= 0}
        onClick={() => go_to_phase(now - 1)}
      >
        <Icon name="left" />
      </button>
      <p>
        {waits ? <b>{t("phase_coming")} </b> : null}
        {head ? <b>{head}. </b> : null}
        {text}
        {waits ? <span class="play-hint"> {t("phase_play")}</span> : null}
      </p>
      <ol class="dots">
        {all.map((one, i) => (
          <li key={one.caption}>
            <button
              type="button"
              class={i < now ? "past" : i === now ? "now" : ""}
              aria-label={t("phase", { at: i + 1, all: all.length })}
              aria-current={i === now ? "step" : undefined}
              title={one.caption}
              onClick={() => go_to_phase(i)}
            />
          </li>
        ))}
      </ol>
      <button
        type="button"
        class="icon-only"
        title={`${t("phase_next")} ( ] )`}
        aria-label={t("phase_next")}
        disabled={now >= all.length - 1 && at_end}
        onClick={next_phase}
      >
        <Icon name="right" />
      </button>
    </section>
  );
}
