/** Notices stand in a corner: where, why, and what to do about it. */
import type { JSX } from "preact";
import { t } from "../i18n";
import type { Notice } from "../state/state";
import { Icon } from "./icons";
import { More } from "./more";
import { useLab } from "./use-lab";

export function Notices(): JSX.Element {
  const { state } = useLab();
  return (
    <div class="notices" role="status" aria-live="polite">
      {state.notices.all.map((notice) => (
        <Card key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function Card(props: { readonly notice: Notice }): JSX.Element {
  const { notices } = useLab();
  const { id, told } = props.notice;
  const notice = told();
  return (
    <article class={`notice ${notice.tone}`}>
      <header>
        <b>{notice.title}</b>
        {notice.place ? <code>{notice.place}</code> : null}
        <button
          type="button"
          class="quiet icon-only"
          aria-label={t("dismiss")}
          title={t("dismiss")}
          onClick={() => notices.dismiss(id)}
        >
          <Icon name="close" />
        </button>
      </header>
      {notice.cause ? <p>{notice.cause}</p> : null}
      {notice.more ? <More sentences={notice.more} /> : null}
      {notice.excerpt ? <Excerpt text={notice.excerpt} column={notice.column ?? 0} /> : null}
      {notice.text === undefined ? null : (
        <textarea
          readonly
          rows={3}
          aria-label={notice.title}
          value={notice.text}
          onFocus={(event) => event.currentTarget.select()}
        />
      )}
      {notice.remedy ? <p class="dim remedy">{notice.remedy}</p> : null}
      {notice.actions ? (
        <p class="notice-actions">
          {notice.actions.map((action) => (
            <button type="button" key={action.label} onClick={action.run}>
              {action.label}
            </button>
          ))}
        </p>
      ) : null}
    </article>
  );
}

function Excerpt(props: { readonly text: string; readonly column: number }): JSX.Element {
  const { text, column } = props;
  const caret = column > 0 && !text.includes("\n") ? `\n${" ".repeat(column - 1)}^` : "";
  return <pre>{`${text}${caret}`}</pre>;
}
