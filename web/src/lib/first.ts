/** What the page begins with where nothing else is asked for: a run in a telling moment. */
import { first } from "virtual:first";

export const FIRST = {
  path: "paper/00-a-leader-crashes.raft",
  text: first,
  /** A leader has crashed, and another server has just asked for votes. */
  at: 82,
  /** The votes are under way: where nothing is to move, it is shown at once. */
  atRest: 86,
};
