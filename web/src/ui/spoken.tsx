/** A text whose names of servers, fields and indices can be pointed at. */
import type { JSX } from "preact";
import { piecesOf } from "../lib/words-of";

export function Spoken(props: {
  readonly text: string;
  /** What the two sides of a comparison were. */
  readonly values?: string | undefined;
  /** Whose the fields are that name no server. */
  readonly server?: string | undefined;
}): JSX.Element {
  const { text, values, server } = props;
  return (
    <>
      {piecesOf(text, values, server).map((piece, i) =>
        piece.of.length === 0 ? (
          piece.text
        ) : (
          <span
            key={`${i}-${piece.text}`}
            data-of={piece.of.join(" ")}
            data-points={[piece.owner ?? "", ...piece.of].join(" ")}
          >
            {piece.text}
          </span>
        ),
      )}
    </>
  );
}
