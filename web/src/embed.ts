/**
 * dist/embed.js, for pages that hold laboratories: `RaftLab.create(element, options)` and the element
 * `<raft-lab>`. Each laboratory is a frame of its own, so that neither page can disturb the other.
 */

/** The number of the way of speaking (lib/calls.ts). */
const SPOKEN = 1;

interface Options {
  /** A playbook of the page, such as `paper/figure-8`. */
  readonly playbook?: string;
  /** Or what stands in a link behind `#`, or the whole link. */
  readonly link?: string;
  readonly title?: string;
  readonly lang?: "en" | "zh";
  readonly theme?: "light" | "dark";
  readonly controls?: "all" | "play" | "none";
  readonly load?: "click";
  readonly ask?: "no";
  readonly autoplay?: boolean;
  readonly loop?: boolean;
  readonly start?: number;
  readonly end?: number;
}

type Listener = (state: unknown) => void;

/** What goes into the address of the frame, in this order. */
const WORDS = ["lang", "theme", "controls", "load", "ask", "start", "end"] as const;
const SWITCHES = ["autoplay", "loop"] as const;

const here = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";

function addressOf(options: Options): string {
  const address = new URL("../index.html", here || location.href);
  const fields = new URLSearchParams();
  for (const name of WORDS)
    if (options[name] !== undefined) fields.set(name, String(options[name]));
  const on = SWITCHES.filter((name) => options[name]);
  address.search = ["embed", ...on, fields.toString()].filter(Boolean).join("&");
  const { link, playbook } = options;
  if (link !== undefined) address.hash = link.replace(/^[^#]*#/, "");
  else if (playbook !== undefined) address.hash = `/${playbook.replace(/\.raft$/, "")}`;
  return address.href;
}

/** A laboratory in an element, and what can be asked of it. */
class RaftLab {
  readonly frame = document.createElement("iframe");
  /** Comes true once it shows what it was asked to show. */
  readonly ready: Promise<unknown>;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly waiting = new Map<number, { done: Listener; failed: (error: Error) => void }>();
  private calls = 0;
  private isListening = false;
  private isGone = false;
  private unsent: object[] = [];
  private readonly hear = (event: MessageEvent): void => this.heard(event);

  /** Puts a laboratory into an element, as large as that is. */
  static create(element: HTMLElement, options: Options = {}): RaftLab {
    return new RaftLab(element, options);
  }

  private constructor(element: HTMLElement, options: Options) {
    const { frame } = this;
    this.ready = new Promise((done, failed) => {
      this.on("ready", done);
      this.waiting.set(0, { done, failed });
    });
    // Whoever never asks whether it is ready is told of no error.
    this.ready.catch(() => undefined);
    addEventListener("message", this.hear);
    frame.src = addressOf(options);
    frame.title = options.title ?? "Raft Laboratory";
    frame.allow = "clipboard-write";
    Object.assign(frame.style, { display: "block", width: "100%", height: "100%", border: "0" });
    // An element that has no height of its own takes that of the frame.
    if (element.clientHeight === 0) frame.style.height = "420px";
    element.append(frame);
  }

  play(): Promise<unknown> {
    return this.call("play");
  }

  pause(): Promise<unknown> {
    return this.call("pause");
  }

  /** Shows the instant after so many events. */
  seek(position: number): Promise<unknown> {
    return this.call("seek", position);
  }

  step(): Promise<unknown> {
    return this.call("step");
  }

  /** Does what a line says, such as `crash S1`; a refusal says what was wrong. */
  do(line: string): Promise<unknown> {
    return this.call("do", line);
  }

  state(): Promise<unknown> {
    return this.call("state");
  }

  /** Calls `listener` at each event of that name: ready, change, play, pause, end, leave. */
  on(name: string, listener: Listener): this {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(listener));
    return this;
  }

  off(name: string, listener: Listener): this {
    this.listeners.get(name)?.delete(listener);
    return this;
  }

  /** Takes the laboratory away. */
  destroy(): void {
    this.isGone = true;
    removeEventListener("message", this.hear);
    this.frame.remove();
    this.unsent = [];
    this.giveUp("The laboratory was removed.", 0);
  }

  /** Nobody answers any more the calls that wait, from this one on; 0 is that for `ready`. */
  private giveUp(why: string, from: number): void {
    for (const [id, { failed }] of this.waiting) {
      if (id < from) continue;
      this.waiting.delete(id);
      failed(new Error(why));
    }
  }

  private call(call: string, ...args: unknown[]): Promise<unknown> {
    this.calls += 1;
    const id = this.calls;
    if (this.isGone) return Promise.reject(new Error("The laboratory was removed."));
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.send({ raftLab: SPOKEN, id, call, args });
    });
  }

  private send(message: object): void {
    // A frame of a file, or of a sandbox, has no origin that could be named. A call is no secret.
    if (this.isListening) this.frame.contentWindow?.postMessage(message, "*");
    else this.unsent.push(message);
  }

  private heard({ data, source }: MessageEvent): void {
    if (source === null || source !== this.frame.contentWindow) return;
    if (typeof data !== "object" || data === null || data.raftLab !== SPOKEN) return;
    const waiting = this.waiting.get(data.id);
    this.waiting.delete(data.id);
    if (typeof data.error === "string") waiting?.failed(new Error(data.error));
    else waiting?.done(data.value);
    if (data.event === "listening") {
      // Loaded anew, as some decks do: who was asked before is gone.
      if (this.isListening) this.giveUp("The laboratory was loaded anew. Call again.", 1);
      this.isListening = true;
      for (const message of this.unsent.splice(0)) this.send(message);
    }
    if (data.event === "leave") this.frame.blur();
    for (const listener of this.listeners.get(data.event) ?? []) listener(data.state);
  }
}

/** `<raft-lab playbook="…" start="12" autoplay>`; its laboratory is `element.lab`. */
class RaftLabElement extends HTMLElement {
  lab: RaftLab | undefined;

  connectedCallback(): void {
    if (getComputedStyle(this).display === "inline") this.style.display = "block";
    const options: Record<string, string | boolean> = {};
    for (const { name, value } of this.attributes) {
      const isSwitch = SWITCHES.some((one) => one === name);
      options[name] = isSwitch ? value !== "no" : value;
    }
    this.lab = RaftLab.create(this, options);
  }

  disconnectedCallback(): void {
    this.lab?.destroy();
    this.lab = undefined;
  }
}

Object.assign(globalThis, { RaftLab: { create: RaftLab.create } });
if (!customElements.get("raft-lab")) customElements.define("raft-lab", RaftLabElement);
