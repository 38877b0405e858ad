/** What went wrong, said without getting in the way. */
import type { Problem, ViolationView } from "../engine/types";
import { inLanguage, type Key, t, type Words } from "../i18n";
import type { Broken } from "../lib/broken";
import type { Notice, Owning, Told } from "./state";

const KEPT = 3;
/** So many refusals are listed. */
const REFUSED_KEPT = 20;
const WORD_STAYS_MS = 5000;
const OFFER_STAYS_MS = 20_000;

export class Notices {
  private lastId = 0;

  constructor(private readonly state: Owning<"notices">) {}

  /** Who changes the language while it stands reads it in that: its sentences are made when it is drawn. */
  notify(told: () => Told): void {
    this.lastId += 1;
    const id = this.lastId;
    const { tone, title, lasting = false, branch, event, actions } = told();
    const others = this.state.notices.all.filter((shown) => shown.told().title !== title);
    const offers = actions !== undefined;
    const notice: Notice = { id, tone, lasting, offers, branch, event, told };
    this.state.notices.all = [...others, notice].slice(-KEPT);
    // What offers something to do waits for an answer.
    const stays = lasting ? OFFER_STAYS_MS : WORD_STAYS_MS;
    if (tone === "word" && (lasting || !offers)) setTimeout(() => this.dismiss(id), stays);
  }

  say(title: Key, remedy?: Key, words?: Words): void {
    this.notify(() => ({
      tone: "word",
      title: t(title, words),
      remedy: remedy && t(remedy, words),
    }));
  }

  notifyProblem(
    title: () => string,
    problem: Problem,
    about: () => Pick<Told, "place" | "actions" | "branch"> = () => ({}),
  ): void {
    this.notify(() => ({
      ...about(),
      tone: "error",
      title: title(),
      cause: inLanguage(problem.message, problem.messageZh),
      excerpt: problem.excerpt,
      column: problem.column,
      remedy: inLanguage(problem.remedy, problem.remedyZh),
    }));
    // What can be gone to is listed by the run itself.
    const last = this.state.notices.all.at(-1);
    if (!last || last.offers || last.branch !== undefined) return;
    this.state.notices.refused = [last, ...this.state.notices.refused].slice(0, REFUSED_KEPT);
  }

  /** Tells of a broken invariant, and offers to go to the event that broke it. */
  notifyBroken(
    { first, more }: Broken<ViolationView>,
    goTo: (position: number) => void,
    branch?: number,
  ): void {
    const sentence = ({ text, textZh }: ViolationView): string => inLanguage(text, textZh);
    const { property, propertyZh, event } = first;
    this.notify(() => ({
      tone: "error",
      title: t("violation", { property: inLanguage(property, propertyZh) }),
      cause: sentence(first),
      more: more.map(sentence),
      remedy: t("violationRemedy"),
      branch,
      event: branch === undefined ? undefined : event,
      actions: [{ label: t("goToEvent", { number: event + 1 }), run: () => goTo(event + 1) }],
    }));
  }

  dismiss(id: number): void {
    this.state.notices.all = this.state.notices.all.filter((notice) => notice.id !== id);
  }

  /** What was said of other branches, or of what is still to come, is not said here. */
  forgetWhatIsNot(branch: number, position: number): void {
    const kept = this.state.notices.all.filter((notice) => {
      return (notice.branch ?? branch) === branch && (notice.event ?? -1) < position;
    });
    if (kept.length !== this.state.notices.all.length) this.state.notices.all = kept;
  }

  /** The reader has gone on: what was only a word has been heard. */
  hush(): void {
    const kept = this.state.notices.all.filter(
      (notice) => notice.tone !== "word" || notice.lasting,
    );
    if (kept.length !== this.state.notices.all.length) this.state.notices.all = kept;
  }

  /** Something has succeeded: complaints that only asked to be read are taken back. */
  settle(): void {
    const kept = this.state.notices.all.filter((notice) => notice.tone === "word" || notice.offers);
    if (kept.length !== this.state.notices.all.length) this.state.notices.all = kept;
  }

  /** Another run: what was said of the one before is not said of it. */
  forgetAll(): void {
    this.state.notices.all = [];
    this.state.notices.refused = [];
  }
}
