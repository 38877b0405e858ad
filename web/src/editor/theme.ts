/** How the editor looks: the page's own colours, which reach into it as custom properties do. */
import { EditorView } from "@codemirror/view";

export const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "transparent", color: "var(--ink)" },
  // The page draws where the focus is.
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    fontSize: "var(--text-m)",
    lineHeight: "20px",
    scrollbarWidth: "thin",
    scrollbarColor: "var(--line-strong) transparent",
  },
  ".cm-content": { caretColor: "var(--ink)", padding: "4px 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  ".cm-line": { padding: "0 12px 0 6px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "color-mix(in srgb, var(--accent) 25%, transparent)" },
  ".cm-gutters": {
    backgroundColor: "transparent",
    border: "0",
    color: "var(--dim)",
    fontSize: "var(--text-s)",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "28px", padding: "0 4px" },
  ".signs .cm-gutterElement": { minWidth: "14px", textAlign: "center" },
  ".dot-wrong, .dot-recorded": { color: "var(--refusal)" },
  ".dot-held": { color: "var(--assent)" },
  ".dot-current": { color: "var(--ink)" },
  ".word-verb": { color: "var(--accent)", fontWeight: "600" },
  ".word-said": { fontFamily: "var(--sans)" },
  ".word-party": { color: "var(--assent)", fontWeight: "600" },
  // Mixed with ink, so that it can be read on a line with a complaint too.
  ".word-number": {
    color: "color-mix(in srgb, var(--came) 85%, var(--ink))",
    fontWeight: "600",
  },
  ".word-comment": { color: "var(--dim)", fontStyle: "italic" },
  ".line-over": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".line-current": {
    backgroundColor: "var(--lit)",
    boxShadow: "inset 3px 0 var(--lit-edge)",
  },
  ".line-wrong": { backgroundColor: "color-mix(in srgb, var(--refusal) 10%, transparent)" },
  ".wrong-place": { textDecoration: "underline wavy var(--refusal) 1px" },
  ".complaint": {
    padding: "0 12px 2px 6px",
    color: "var(--refusal)",
    fontFamily: "var(--sans)",
    fontSize: "var(--text-s)",
    lineHeight: "18px",
    whiteSpace: "pre-wrap",
  },
  ".cover": {
    padding: "0 12px 0 6px",
    color: "var(--dim)",
    fontFamily: "var(--sans)",
    backgroundImage: "repeating-linear-gradient(-45deg, transparent 0 6px, var(--line) 6px 7px)",
  },
  ".complaint span": { color: "var(--ink)" },
  ".complaint button": {
    padding: "0",
    border: "0",
    background: "none",
    color: "var(--accent)",
    font: "inherit",
    textDecoration: "underline",
    cursor: "pointer",
  },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius)",
    backgroundColor: "var(--card)",
    color: "var(--ink)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    maxWidth: "min(30rem, 80cqw)",
    minWidth: "12rem",
    maxHeight: "12em",
    fontFamily: "var(--mono)",
  },
  ".cm-tooltip-autocomplete ul li": { overflow: "hidden", textOverflow: "ellipsis" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--lit)",
    color: "var(--ink)",
  },
  ".cm-completionDetail": {
    color: "var(--dim)",
    fontFamily: "var(--sans)",
    fontStyle: "normal",
    marginLeft: "1em",
  },
});
