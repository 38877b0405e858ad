/** The one small menu of a laboratory: what can be done to the thing it was opened on. */
import { signal } from "@preact/signals";
import type { Play } from "./play";

export interface MenuField {
  readonly value: string;
  readonly hint: string;
  /** What to do with the text; answers whether it was accepted. */
  readonly submit: (text: string) => Promise<boolean>;
}

export interface MenuChoice {
  readonly label: string;
  readonly run: () => void;
}

export interface MenuItem {
  readonly label: string;
  /** Several small choices in one row. */
  readonly choices?: readonly MenuChoice[];
  /** The Action that the item stands for, shown beside it. */
  readonly action?: string | undefined;
  readonly run?: () => void;
  readonly field?: MenuField;
  readonly grave?: boolean;
  readonly disabled?: boolean;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MenuState {
  readonly title: string;
  readonly note?: string | undefined;
  readonly rows?: readonly { readonly name: string; readonly value: string }[];
  readonly items: readonly MenuItem[];
  readonly place: Place;
  readonly opener: Element | null;
}

/** What a menu offers, before it has a place. */
export type Offer = Omit<MenuState, "place" | "opener">;

export class Menu {
  readonly state = signal<MenuState | undefined>(undefined);

  /** Whether play was on when the menu was opened, and goes on once it is closed. */
  private goesOn = false;

  constructor(private readonly play: Play) {}

  /** What is offered may have to be asked for first: the engine answers within a blink. */
  openOn(opener: Element, offer: Offer | Promise<Offer>): void {
    const { left, top, width, height } = opener.getBoundingClientRect();
    void this.open(opener, { x: left, y: top, width, height }, offer);
  }

  /** Opens at a point instead of a whole thing: a long arrow is clicked where it is clicked. */
  openAt(opener: Element, x: number, y: number, offer: Offer | Promise<Offer>): void {
    void this.open(opener, { x: x - 4, y: y - 4, width: 8, height: 8 }, offer);
  }

  close(back: boolean): void {
    const { opener } = this.state.value ?? { opener: null };
    this.state.value = undefined;
    if (this.goesOn) this.play.toggle();
    this.goesOn = false;
    if (back && opener instanceof Element && opener.isConnected) focus(opener);
  }

  /** What a menu says can be done must still be so when it is chosen: time stands still meanwhile. */
  private hold(): void {
    this.goesOn ||= this.play.playing.peek();
    this.play.pause();
  }

  private async open(opener: Element, place: Place, offer: Offer | Promise<Offer>): Promise<void> {
    this.hold();
    const offered = offer instanceof Promise ? await offer : offer;
    this.state.value = { ...offered, place, opener };
  }
}

function focus(element: Element): void {
  if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
}
