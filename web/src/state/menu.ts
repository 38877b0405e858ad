/** The one small menu of a laboratory: what can be done to the thing it was opened on. */
import type { Play } from "./play";
import type { Offer, Owning, Place } from "./state";

export class Menu {
  /** Whether play was on when the menu was opened, and goes on once it is closed. */
  private goesOn = false;
  /** How often a menu was asked for or closed: what is offered late may have been overtaken. */
  private turn = 0;

  constructor(
    private readonly state: Owning<"menu">,
    private readonly play: Play,
  ) {}

  /** What is offered may have to be asked for first: the engine answers within a blink. */
  openOn(opener: Element, offer: Offer | Promise<Offer | undefined>): void {
    const { left, top, width, height } = opener.getBoundingClientRect();
    void this.open(opener, { x: left, y: top, width, height }, offer);
  }

  /** Opens at a point instead of a whole thing: a long arrow is clicked where it is clicked. */
  openAt(opener: Element, x: number, y: number, offer: Offer | Promise<Offer | undefined>): void {
    void this.open(opener, { x: x - 4, y: y - 4, width: 8, height: 8 }, offer);
  }

  close(back: boolean): void {
    this.turn++;
    const { opener } = this.state.menu.open ?? { opener: null };
    this.state.menu.open = undefined;
    if (this.goesOn) this.play.toggle();
    this.goesOn = false;
    if (back && opener instanceof Element && opener.isConnected) focus(opener);
  }

  /** What a menu says can be done must still be so when it is chosen: time stands still meanwhile. */
  private hold(): void {
    this.goesOn ||= this.state.play.playing;
    this.play.pause();
  }

  private async open(
    opener: Element,
    place: Place,
    offer: Offer | Promise<Offer | undefined>,
  ): Promise<void> {
    this.hold();
    const turn = ++this.turn;
    const offered = offer instanceof Promise ? await offer : offer;
    if (turn !== this.turn) return;
    if (!offered) return this.close(true);
    this.state.menu.open = { ...offered, place, opener };
  }
}

function focus(element: Element): void {
  if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
}
