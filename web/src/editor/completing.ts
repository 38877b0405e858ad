/** Completing a line, by the same rules as in the command line. */
import {
  acceptCompletion,
  type CompletionContext,
  type CompletionResult,
  completionStatus,
  moveCompletionSelection,
  selectedCompletionIndex,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { offersFor } from "../lib/complete";
import type { Phrase } from "./colouring";

/** What the line up to the cursor may become. */
export function completes(phrases: readonly Phrase[]) {
  return ({ state, pos }: CompletionContext): CompletionResult | null => {
    const line = state.doc.lineAt(pos);
    const begun = state.sliceDoc(line.from, pos);
    const draft = begun.trimStart();
    const offers = pos === line.to ? offersFor(phrases, draft) : [];
    if (offers.length === 0) return null;
    return {
      from: pos - draft.length,
      filter: false,
      options: offers.map((offer) => {
        return { label: offer.line, detail: offer.meaning.replaceAll("`", "") };
      }),
    };
  };
}

/** Tab takes what is chosen, or the first that is offered; with nothing offered it leads on. */
export function acceptsFirst(view: EditorView): boolean {
  if (completionStatus(view.state) !== "active") return false;
  if (selectedCompletionIndex(view.state) === null) moveCompletionSelection(true)(view);
  return acceptCompletion(view);
}
