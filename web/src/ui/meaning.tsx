/** What a line means, in words among which `words of the language` are set as such. */
import type { JSX } from "preact";

export function Meaning(props: { readonly of: string }): JSX.Element {
  const parts = props.of.split("`");
  return (
    <span>{parts.map((part, i) => (i % 2 === 1 ? <code key={part}>{part}</code> : part))}</span>
  );
}
