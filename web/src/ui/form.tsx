/**
 * Fields that Enter sends. A sandboxed frame without `allow-forms` drops the browser's own
 * submission without a word, so nothing is left to that.
 */
import type { ComponentChildren, JSX } from "preact";

interface Props {
  readonly class: string;
  readonly title?: string;
  readonly send: (form: HTMLFormElement) => void;
  readonly children: ComponentChildren;
}

export function Form(props: Props): JSX.Element {
  const { send, children } = props;
  return (
    <form
      class={props.class}
      title={props.title}
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        // Enter may also end what an input method is composing.
        if (event.key !== "Enter" || event.isComposing) return;
        if (!(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        send(event.currentTarget);
      }}
    >
      {children}
    </form>
  );
}
