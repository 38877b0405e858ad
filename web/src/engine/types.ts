/** The words of the engine's boundary, under one roof for the page. */
export type {
  BranchView,
  ChangeView,
  EntryView,
  EventView,
  Explanation,
  Lang,
  LastWords,
  LossView,
  MessageView,
  Outcome,
  PhaseView,
  Problem,
  RuleView,
  ServerView,
  View,
  ViolationView,
} from "../../pkg/raft_wasm";
