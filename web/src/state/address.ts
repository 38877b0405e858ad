/** The address says what is on the page, and brings it back: by a link, a reload, Back, Forward. */
import { t } from "../i18n";
import {
  addressOf,
  FREE,
  isPresented,
  keptHash,
  type Address as Named,
  presented,
} from "../lib/address";
import { freshKey, recallOnce, rememberOnce } from "../lib/memory";
import { outdated } from "../lib/script";
import type { Compare } from "./compare";
import type { Diagram } from "./diagram";
import type { Journal } from "./journal";
import type { Keeping } from "./keeping";
import { cardAt, withLibrary } from "./library";
import type { Links } from "./links";
import type { Notices } from "./notices";
import type { Opening } from "./opening";
import { nameOf, type Run } from "./run";
import type { Session } from "./session";
import { type Entry, type Origin, type Readable, type Spread, type Tab, whenever } from "./state";
import type { ViewState } from "./view-state";

/** A longer address is for somebody who asks for a link; a run so long is named in the journal. */
const LETTERS_MAX = 60_000;
/** An address that changed with every event of a quick reader would be refused by browsers. */
const SETTLES_MS = 400;

/** An instant of a branch, and the branch that is looked at beside it. */
interface Spot {
  readonly branch: number;
  readonly position: number;
  readonly at: number;
  readonly beside?: number | undefined;
}

/** What the tab remembers beside the address: the run's name in the journal, its origin, and where. */
interface Remembered {
  readonly id: string;
  readonly origin: Origin;
  readonly spot: Spot;
}

function remembered(): Remembered | undefined {
  const state: Remembered | null = history.state;
  return typeof state?.id === "string" && state.origin && state.spot ? state : undefined;
}

/** How this tab was left: its run, after how many events, and how it was looked at. */
interface Left {
  readonly id?: string;
  readonly position?: number;
  /** The server that was pinned. */
  readonly pinned?: number;
  readonly tab?: Tab;
  /** Whether the diagram, and the spread figure, were open. */
  readonly diagram?: boolean;
  readonly spread?: Spread | undefined;
}

/** The visit that is about to be left remembers where that was. */
function noteInHistory(spot: Spot): void {
  try {
    if (remembered()) history.replaceState({ ...history.state, spot }, "");
  } catch {
    // A frame may be refused its history; the page goes on without.
  }
}

/** What the address has to do with. */
interface Parts {
  readonly state: Readable;
  readonly run: Run;
  readonly session: Session;
  readonly journal: Journal;
  readonly keeping: Keeping;
  readonly opening: Opening;
  readonly links: Links;
  readonly notices: Notices;
  readonly viewState: ViewState;
  readonly compare: Compare;
  readonly diagram: Diagram;
}

/** The page has one address, so that one laboratory of the page has one of these. */
export class Address {
  private written = 0;
  /** Whether a visit was begun that has no entry of its own yet: it is not lost to the next instant. */
  private owesVisit = false;
  /** How often something was begun to be opened; the last of it is what the visitor wants. */
  private openings = 0;
  /** Whether what is shown comes from the history, and is no new visit. */
  private isComingBack = false;
  /** Whether the address names what is still to come: it is not written over. */
  private awaitsLibrary = false;
  /** The run that the page begins with, and its address while nothing was done to it. */
  private first = { id: "", hash: FREE };
  private shownId = "";
  /** Where in that run the page was last: whoever has left it by a branch comes back to that. */
  private spot: Spot = { branch: 0, position: 0, at: 0 };

  constructor(private readonly parts: Parts) {}

  /** The first thing that the page shows: what the address names, or a fresh cluster. */
  async begin(): Promise<void> {
    const named = await addressOf(location.hash);
    const from = remembered();
    const left: Left = JSON.parse(recallOnce("left") ?? "{}");
    const isLeft = left.id !== undefined && left.id === from?.id && left.position !== undefined;
    const address = "at" in named && isLeft ? { ...named, at: left.position ?? 0 } : named;
    this.parts.viewState.present(isPresented(location.hash));
    const isLast = this.parts.journal.named(from?.id) !== undefined;
    await this.beginAnew(isLast ? "free" : address.kind);
    this.shownId = this.parts.state.run.current.id;
    this.followThePage();
    if (address.kind === "free" && !isLast) this.offerLast();
    else if (address.kind !== "none" || isLast) await this.open(address, from);
    if (isLeft && from) await this.lookAsBefore(left, from.spot);
  }

  /** What the address of a frame names; the history is that of the page around, and left alone. */
  async beginEmbedded(start: number | undefined): Promise<void> {
    const named = await addressOf(location.hash);
    await this.beginAnew(named.kind);
    const address = "at" in named && start !== undefined ? { ...named, at: start } : named;
    if (named.kind !== "none" && named.kind !== "free") await this.open(address, undefined);
    else if (start !== undefined) await this.parts.session.goToPlace({ position: start, at: 0 });
  }

  /** A reload forgets neither what was open nor which branch stood beside. */
  private async lookAsBefore(left: Left, spot: Spot): Promise<void> {
    const { diagram, session, state, viewState } = this.parts;
    const pinned = state.shown.view?.servers.find(({ id }) => id === left.pinned);
    if (pinned) viewState.pin(pinned.id);
    if (left.tab) viewState.showTab(left.tab);
    if (left.spread === "figure" || left.spread === "check") viewState.spread(left.spread);
    if (left.diagram) diagram.toggle();
    const isThere = state.shown.branches.some(({ id }) => id === spot.beside);
    if (!isThere || state.shown.view?.branch !== spot.branch) return;
    await this.standBeside(spot.beside);
    await session.goToPlace(spot);
  }

  /** Opens what the address names; the page keeps what it has if that cannot be. */
  private async openAddress(): Promise<void> {
    this.openings += 1;
    const mine = this.openings;
    const from = remembered();
    this.parts.viewState.present(isPresented(location.hash));
    const address = await addressOf(location.hash);
    if (mine === this.openings) await this.open(address, from);
  }

  private async beginAnew(kind: Named["kind"]): Promise<void> {
    const { opening } = this.parts;
    const id = freshKey();
    this.first = { id, hash: kind === "none" ? "" : FREE };
    await (kind === "none" ? opening.welcome(id) : opening.firstRun(id));
  }

  private async open(address: Named, from: Remembered | undefined): Promise<void> {
    const { journal, notices, opening, session, state } = this.parts;
    const id = from?.id;
    if (from && id === state.run.current.id) {
      this.isComingBack = true;
      if (state.shown.view?.branch !== from.spot.branch)
        await session.switchBranch(from.spot.branch);
      await this.standBeside(from.spot.beside);
      await session.goToPlace(from.spot);
      this.isComingBack = false;
      return;
    }
    const at = "at" in address ? { at: address.at } : {};
    // The journal knows in which branch this tab has left it, and where.
    const own = journal.named(id);
    if (own && (await opening.restore(own, { arrived: true }))) return;
    const entry = journal.named(address.kind === "kept" ? address.id : undefined);
    if (entry && (await opening.restore(entry, { ...at, arrived: true }))) return;
    switch (address.kind) {
      case "none":
      case "free":
        if (!this.isFirst() || (address.kind === "none") !== (this.first.hash === ""))
          await this.beginAnew(address.kind);
        return;
      case "broken":
        notices.notify(() => ({
          tone: "error",
          title: t("linkBroken"),
          remedy: t("linkBrokenRemedy"),
        }));
        return this.leadsNowhere();
      case "too long":
        notices.notify(() => ({
          tone: "error",
          title: t("linkRefused"),
          remedy: t("linkRefusedRemedy"),
        }));
        return this.leadsNowhere();
      case "kept":
        notices.notify(() => ({
          tone: "error",
          title: t("keptGone"),
          remedy: t("keptGoneRemedy"),
        }));
        return this.leadsNowhere();
      case "run": {
        const origin = from?.origin ?? { kind: "link" };
        const isOpen = await opening.open(address.text, { from: origin, arrived: true, ...at });
        if (!isOpen) return this.leadsNowhere();
        if (!from) this.offerBranches(address.text);
        return;
      }
      case "playbook":
        await this.openPlaybook(address.path, address.at);
    }
  }

  /** Looks at a branch beside the one on show, or at that one alone. */
  private async standBeside(branch: number | undefined): Promise<void> {
    const { compare, state } = this.parts;
    if (branch === undefined) compare.close();
    else if (branch !== state.compare.other) await compare.open(branch);
  }

  private async openPlaybook(path: string, at: number): Promise<void> {
    const { opening, notices } = this.parts;
    this.openings += 1;
    const mine = this.openings;
    this.awaitsLibrary = true;
    await new Promise<void>(withLibrary);
    this.awaitsLibrary = false;
    // Somebody who opened something else meanwhile has moved on.
    if (mine !== this.openings) return;
    const card = cardAt(path);
    if (!card && outdated.peek()) return this.leadsNowhere();
    if (!card) {
      const place = path.replace(/\.raft$/, "");
      notices.notify(() => ({
        tone: "error",
        title: t("noPlaybook"),
        place,
        remedy: t("noPlaybookRemedy"),
      }));
      this.leadsNowhere();
      return;
    }
    const from: Origin = { kind: "playbook", path: card.path };
    if (!(await opening.open(card.text, { from, arrived: true, at }))) this.leadsNowhere();
  }

  /** The address names nothing that can be opened: it says again what is on the page. */
  private leadsNowhere(): void {
    // Whoever has just come is offered what was done last, as without an address.
    if (this.isFirst()) this.offerLast();
    void this.write("replace");
  }

  /** Whether the page still shows what it began with. */
  private isFirst(): boolean {
    const { id, acted } = this.parts.state.run.current;
    return id === this.first.id && !acted;
  }

  /** A link holds one branch. Whoever has the others in this browser is told so. */
  private offerBranches(text: string): void {
    const { notices, opening, state } = this.parts;
    const isOne = (entry: Entry): boolean => entry.branches.some((branch) => branch.text === text);
    const entry = state.journal.entries.find((one) => one.branches.length > 1 && isOne(one));
    if (!entry) return;
    notices.notify(() => ({
      tone: "word",
      title: t("linkHasBranches", { count: entry.branches.length }),
      lasting: true,
      actions: [{ label: t("linkBranches"), run: () => void opening.restore(entry) }],
    }));
  }

  /** Somebody who comes back is offered what was done last. */
  private offerLast(): void {
    const { notices, opening, state } = this.parts;
    const [last] = state.journal.entries;
    if (!last) return;
    notices.notify(() => ({
      tone: "word",
      title: t("lastRun", { name: nameOf(last) }),
      lasting: true,
      actions: [{ label: t("goOn"), run: () => void opening.restore(last) }],
    }));
  }

  /** Whatever the page shows once it is at rest is what the address says. */
  private followThePage(): void {
    const { state, run } = this.parts;
    let due: ReturnType<typeof setTimeout> | undefined;
    const visit = (into: "push" | "replace"): void => {
      clearTimeout(due);
      void this.write(into);
    };
    whenever(
      () => [state.run.current, state.shown.view, state.compare.other] as const,
      ([{ id, arrived }, view, beside]) => {
        if (!view) return;
        const { branch, position, now } = view;
        const isOther = id !== this.shownId;
        const left = this.spot;
        this.spot = { branch, position, at: now, beside };
        if (isOther) {
          this.shownId = id;
          this.openings += 1;
          visit(arrived ? "replace" : "push");
        } else if (
          !this.isComingBack &&
          (branch !== left.branch || (beside !== undefined && beside !== left.beside))
        ) {
          // Back leads out of a branch, or of two side by side, to where that was entered.
          noteInHistory(left);
          visit("push");
        }
      },
    );
    whenever(
      () => [state.shown.view, state.play.playing, state.viewState.presenting] as const,
      ([view, playing]) => {
        if (!view || playing) return;
        clearTimeout(due);
        due = setTimeout(() => {
          if (!this.awaitsLibrary) void this.write("replace");
        }, SETTLES_MS);
      },
    );
    whenever(
      () => [run.name(), run.modified(), t("title")].filter(Boolean).join(" · "),
      (title) => {
        document.title = title;
      },
    );
    addEventListener("popstate", () => void this.openAddress());
    addEventListener("pagehide", () => this.noteLeaving());
  }

  /** Notes where the run is left: the address follows only once the reader is at rest. */
  private noteLeaving(): void {
    const { state } = this.parts;
    const { chosen, pinned, spread, tab } = state.viewState;
    const left: Left = {
      id: state.run.current.id,
      position: state.shown.view?.position ?? 0,
      ...(pinned ? { pinned: chosen } : {}),
      ...{ tab, spread, diagram: state.diagram.isOpen },
    };
    rememberOnce("left", JSON.stringify(left));
  }

  /** Writes the address; what is opened meanwhile comes first. */
  private async write(into: "push" | "replace"): Promise<void> {
    const { keeping, links, state } = this.parts;
    this.written += 1;
    const mine = this.written;
    if (into === "push") this.owesVisit = true;
    const { id } = state.run.current;
    const position = state.shown.view?.position ?? 0;
    const isFree = this.first.hash === FREE;
    const isBegun = this.isFirst() && (isFree ? position === 0 : state.viewState.welcoming);
    let hash = isBegun ? this.first.hash : await links.hashOf(LETTERS_MAX);
    if (mine !== this.written) return;
    if (hash === undefined) {
      await keeping.keepNow(true);
      if (mine !== this.written) return;
      hash = keptHash(id, position);
    }
    if (state.viewState.presenting) hash = presented(hash);
    const address = hash === "" ? location.pathname + location.search : hash;
    try {
      const named: Remembered = { id, origin: state.run.origin, spot: this.spot };
      if (this.owesVisit) history.pushState(named, "", address);
      else history.replaceState(named, "", address);
    } catch {
      // A frame may be refused its history; the page goes on without.
    }
    this.owesVisit = false;
  }
}
