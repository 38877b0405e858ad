/** Icons drawn for this page: 16 by 16, in the colour of the words beside them. */
import type { JSX } from "preact";

const SHAPES = {
  play: "M5 3.2v9.6l8-4.8z",
  pause: "M4.5 3.5h2.5v9H4.5zM9 3.5h2.5v9H9z",
  step: "M3 3.8v8.4l6.6-4.2zM11 3.8h1.8v8.4H11z",
  stepBack: "M13 3.8v8.4L6.4 8zM3.2 3.8h1.8v8.4H3.2z",
  crown: "M1.5 4.2l3.4 2.9L8 2.6l3.1 4.5 3.4-2.9-1.3 8.2H2.8z",
} as const;

const LINES = {
  tick: "M8 4.5V8l2.4 1.6M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z",
  book: "M8 4.2C6.6 3.1 4.6 2.8 2.2 2.8v9.4c2.4 0 4.4.3 5.8 1.4 1.4-1.1 3.4-1.4 5.8-1.4V2.8c-2.4 0-4.4.3-5.8 1.4zM8 4.2v9.4",
  undo: "M6 3L2.8 6.2 6 9.4M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6",
  redo: "M10 3l3.2 3.2L10 9.4M13 6.2H6.8a3.6 3.6 0 0 0 0 7.2H10",
  plus: "M8 3v10M3 8h10",
  save: "M8 2.5v7M5 6.8l3 3 3-3M2.8 11v2.5h10.4V11",
  link: "M6.6 9.4l2.8-2.8M7.4 4.6l1.3-1.3a2.8 2.8 0 0 1 4 4l-1.3 1.3M8.6 11.4l-1.3 1.3a2.8 2.8 0 0 1-4-4l1.3-1.3",
  open: "M8 9.8v-7M5 5.5l3-3 3 3M2.8 11v2.5h10.4V11",
  left: "M10 3.5L5.5 8l4.5 4.5",
  right: "M6 3.5L10.5 8 6 12.5",
  close: "M4 4l8 8M12 4l-8 8",
  help: "M5.8 6.1c0-1.3 1-2.2 2.3-2.2s2.2.8 2.2 2c0 1.7-2.2 1.8-2.2 3.6M8.1 12.1v.1",
  auto: "M8 2.2a5.8 5.8 0 1 0 0 11.6zM8 2.2a5.8 5.8 0 0 1 0 11.6",
  light:
    "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.3v1.5M8 13.2v1.5M1.3 8h1.5M13.2 8h1.5M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1",
  dark: "M13.3 9.7A5.8 5.8 0 0 1 6.3 2.7a5.8 5.8 0 1 0 7 7z",
  present: "M2 3h12v8H2zM8 11v2.8M5 13.8h6",
  pin: "M5.5 2.5h5M6.7 2.5v4.3L4.3 9.5h7.4L9.3 6.8V2.5M8 9.5v4.5",
  dice: "M3 3h10v10H3zM5.8 5.8v.1M10.2 10.2v.1M8 8v.1",
  branch: "M4.5 3v10M4.5 10.5c0-3 7-2 7-5.5M4.5 3v.1M11.5 5v-.6",
  tail: "M3 4l4 4-4 4M8 4l4 4-4 4M13.5 3.5v9",
  diagram: "M2 4h12M2 12h12M4 4l5 8M8 12l5-8",
  spread: "M2.8 6V2.8H6M10 2.8h3.2V6M13.2 10v3.2H10M6 13.2H2.8V10",
  check: "M3 8.4l3.4 3.4L13 4.8",
  broken: "M8 2.2l6.300 11.300H1.700zM8 6.500v3.400M8 11.600v.1",
  find: "M7 2.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM10.300 10.300l3.700 3.700",
} as const;

export type IconName = keyof typeof SHAPES | keyof typeof LINES | "noteNext" | "notePrevious";

function isShape(name: IconName): name is keyof typeof SHAPES {
  return name in SHAPES;
}

/** A flag: the mark of an event of note. */
function note(back: boolean): JSX.Element {
  const flag = "M8.5 13.5V3M8.5 3.2h5.2l-1.4 2.3 1.4 2.3H8.5M2 5l3 3-3 3";
  return <path class="line" d={flag} transform={back ? "matrix(-1 0 0 1 16 0)" : undefined} />;
}

export function Icon(props: { readonly name: IconName }): JSX.Element {
  const { name } = props;
  let mark: JSX.Element;
  if (name === "noteNext" || name === "notePrevious") mark = note(name === "notePrevious");
  else if (isShape(name)) mark = <path class="shape" d={SHAPES[name]} />;
  else mark = <path class="line" d={LINES[name]} />;
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {mark}
    </svg>
  );
}

export const CROWN = SHAPES.crown;
