/** The chosen server's state, grouped as Figure 2 groups it. */
import { Fragment, type JSX } from "preact";
import { useState } from "preact/hooks";
import type { ChangeView, ProgressView, ServerView, View } from "../engine/types";
import { partyName as name, t } from "../i18n";
import { formatShare, formatSpan } from "../lib/time";
import { wordsOf } from "../lib/words-of";
import { valueWords } from "./fields";
import { Form } from "./form";
import { termClass } from "./hooks";
import { Icon } from "./icons";
import { serverMenu } from "./offers";
import { roleWord } from "./stage-below";
import { useLab } from "./use-lab";

export function Inspector(): JSX.Element | null {
  const { state } = useLab();
  const view = state.shown.calmView;
  if (!view) return null;
  const server = view.servers.find((one) => one.id === state.viewState.chosen) ?? view.servers[0];
  if (!server) return null;
  const changes = view.changes.filter((change) => change.server === server.id);
  return (
    <div class="inspector">
      <Head view={view} server={server} />
      <div class="groups">
        <Persistent server={server} changes={changes} />
        <Volatile server={server} changes={changes} />
        <Leaders server={server} changes={changes} />
        <Extras server={server} changes={changes} />
        {server.store.length > 0 ? <Machine server={server} changes={changes} /> : null}
      </div>
    </div>
  );
}

function Head(props: { readonly view: View; readonly server: ServerView }): JSX.Element {
  const lab = useLab();
  const { menu, state, viewState } = lab;
  const { view, server } = props;
  return (
    <div class="chooser" role="toolbar" aria-label={t("helpChoose")}>
      {view.servers.map((one) => (
        <button
          type="button"
          key={one.id}
          class={`chip ${termClass(one.currentTerm)}${one.id === server.id ? " on" : ""}${
            view.changes.some((change) => change.server === one.id) ? " changed" : ""
          }`}
          aria-pressed={one.id === server.id}
          title={`${roleWord(one)} ( ${one.id} )`}
          onClick={() => viewState.pin(one.id)}
        >
          {name(one.id)}
          {state.viewState.pinned && one.id === server.id ? <Icon name="pin" /> : null}
        </button>
      ))}
      <button
        type="button"
        class="quiet follow"
        role="switch"
        aria-checked={!state.viewState.pinned}
        aria-keyshortcuts="0"
        title={`${t("followHint")} ( 0 )`}
        onClick={() => viewState.toggleFollow()}
      >
        {t("follow")}
      </button>
      <button
        type="button"
        class="quiet more"
        onClick={(event) => menu.openOn(event.currentTarget, serverMenu(lab, server))}
        title={`${t("helpMenu")} ( m )`}
      >
        {name(server.id)} …
      </button>
    </div>
  );
}

interface GroupProps {
  readonly server: ServerView;
  readonly changes: readonly ChangeView[];
}

function Persistent(props: GroupProps): JSX.Element {
  const { session } = useLab();
  const { server, changes } = props;
  const s = name(server.id);
  const count = server.lastIndex - server.snapshotIndex;
  const before = changes[0]?.logLengthBefore ?? count;
  const counted =
    before === count
      ? []
      : [
          {
            server: server.id,
            field: "log[]",
            before: entries(before),
            after: "",
            entries: undefined,
            logLengthBefore: before,
          },
        ];
  return (
    <Group title={t("persistent")}>
      <Field
        field="currentTerm"
        value={String(server.currentTerm)}
        changes={changes}
        edit={(text) => session.does(`rewrite ${s} term ${text}`)}
      />
      <Field
        field="votedFor"
        value={server.votedFor === undefined ? t("none") : name(server.votedFor)}
        draft={server.votedFor === undefined ? "none" : name(server.votedFor)}
        changes={changes}
        edit={(text) => session.does(`rewrite ${s} votedFor ${voter(text)}`)}
      />
      <Field
        field={t("configuration")}
        alias="configuration"
        value={server.configuration || t("none")}
        changes={changes}
      />
      <Field
        field="log[]"
        value={entries(count)}
        changes={counted}
        lit={changes.some((change) => change.entries)}
      />
      {server.snapshotIndex > 0 ? (
        <Field
          field={t("snapshotRow")}
          lit={changes.some((change) => change.field === "lastIncludedIndex")}
          value={`${t("upTo", { index: server.snapshotIndex })} · T${server.snapshotTerm}`}
          changes={changes}
        />
      ) : null}
    </Group>
  );
}

function entries(count: number): string {
  return t("entries", { count });
}

/** People write 2 and mean S2. */
function voter(text: string): string {
  return /^\d+$/.test(text) ? `S${text}` : text;
}

function Volatile(props: GroupProps): JSX.Element {
  const { session } = useLab();
  const { server, changes } = props;
  const s = name(server.id);
  // A server that is down has nothing that is volatile.
  const isDown = server.state === "crashed";
  const index = (value: number): string => (isDown ? "–" : String(value));
  const edit = (text: string): Promise<boolean> => session.does(`rewrite ${s} commit ${text}`);
  return (
    <Group title={t("volatileAll")}>
      <Field
        field="commitIndex"
        value={index(server.commitIndex)}
        changes={changes}
        {...(isDown ? {} : { edit })}
      />
      <Field field="lastApplied" value={index(server.lastApplied)} changes={changes} />
      <Field field={t("role")} alias="role" value={roleWord(server)} changes={changes} />
      <Field
        field={t("knowsLeader")}
        alias="leader"
        value={server.leader === undefined ? t("none") : name(server.leader)}
        changes={changes}
      />
    </Group>
  );
}

function Leaders(props: GroupProps): JSX.Element {
  const { server, changes } = props;
  const { progress } = server;
  return (
    <Group title={t("volatileLeader")}>
      {progress.length === 0 ? (
        <p class="dim">{t("notLeader")}</p>
      ) : (
        <table class="progress">
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">{t("follower")}</span>
              </th>
              <th scope="col">
                <span class="mark next" /> nextIndex
              </th>
              <th scope="col">
                <span class="mark match" /> matchIndex
              </th>
            </tr>
          </thead>
          <tbody>
            {groupsOf(server).map(({ title, own, peers }) => (
              <Fragment key={title}>
                {title ? (
                  <tr class="half">
                    <th scope="rowgroup" colSpan={3}>
                      {title}
                    </th>
                  </tr>
                ) : null}
                {own ? (
                  <tr>
                    <th scope="row">{name(server.id)}</th>
                    <td class="dim">·</td>
                    <td>{server.durableIndex}</td>
                  </tr>
                ) : null}
                {peers.map((one) => (
                  <Follower key={one.peer} progress={one} changes={changes} />
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      )}
    </Group>
  );
}

interface GroupOfPeers {
  readonly title: string;
  /** Whether the leader is one of them. */
  readonly own: boolean;
  readonly peers: readonly ProgressView[];
}

/** The followers; under `C_old,new` by half, with how many of each store its entry, then who has no vote. */
function groupsOf({ halves, id, progress }: ServerView): readonly GroupOfPeers[] {
  if (halves.length === 0) return [{ title: "", own: false, peers: progress }];
  const inHalf = halves.map(({ index, tally, voters }, i) => {
    const ids = voters.map((voter) => voter.id);
    const names = { half: i === 0 ? "C_old" : "C_new", have: tally.have, all: ids.length, index };
    return {
      title: t("halfStores", names),
      own: ids.includes(id),
      peers: progress.filter(({ peer }) => ids.includes(peer)),
    };
  });
  const ids = new Set(halves.flatMap(({ voters }) => voters.map((voter) => voter.id)));
  const others = progress.filter(({ peer }) => !ids.has(peer));
  if (others.length === 0) return inHalf;
  return [...inHalf, { title: t("withoutVote"), own: false, peers: others }];
}

function Follower(props: {
  readonly progress: ProgressView;
  readonly changes: readonly ChangeView[];
}): JSX.Element {
  const { peer, nextIndex, matchIndex, mode, snapshotBytes } = props.progress;
  const changeOf = (field: string): ChangeView | undefined =>
    props.changes.find((change) => change.field === `${field}[${name(peer)}]`);
  const words =
    snapshotBytes === undefined ? modeWord(mode) : t("snapshotSent", { bytes: snapshotBytes });
  return (
    <tr title={words}>
      <th scope="row">
        {name(peer)} {mode === "replicate" ? null : <small>{words}</small>}
      </th>
      <Counted value={nextIndex} change={changeOf("nextIndex")} />
      <Counted value={matchIndex} change={changeOf("matchIndex")} />
    </tr>
  );
}

/** How a follower is sent what it lacks. */
function modeWord(mode: ProgressView["mode"]): string {
  return t(mode === "snapshot" ? "snapshotMode" : mode);
}

function Counted(props: {
  readonly value: number;
  readonly change: ChangeView | undefined;
}): JSX.Element {
  const { value, change } = props;
  return (
    <td class={change ? "lit" : ""}>
      {change ? <del>{change.before}</del> : null}
      {value}
    </td>
  );
}

function Extras(props: GroupProps): JSX.Element {
  const { server, changes } = props;
  const span = (left: number | undefined, all: number | undefined): string => {
    if (left === undefined) return t("stopped");
    if (all === undefined) return formatSpan(left);
    return formatShare(left, all);
  };
  return (
    <Group title={t("extras")}>
      <Field
        field={t("electionTimer")}
        alias="electionTimer"
        value={span(server.electionRemaining, server.electionTimeout)}
        changes={changes}
      />
      {server.heartbeat !== undefined ? (
        <Field
          field={t("heartbeatTimer")}
          value={span(server.heartbeatRemaining, undefined)}
          changes={changes}
        />
      ) : null}
      {server.lease === undefined ? null : (
        <Field
          field={t("leaseRow")}
          value={span(server.leaseRemaining, server.lease)}
          changes={changes}
        />
      )}
      {server.readsWaiting > 0 ? (
        <Field field={t("readsRow")} value={String(server.readsWaiting)} changes={changes} />
      ) : null}
      <Field
        field={t("onDisk")}
        value={t("upTo", { index: server.durableIndex })}
        changes={changes}
      />
      <Field field={t("writesPending")} value={String(server.writesPending)} changes={changes} />
    </Group>
  );
}

/** What the commands have written: the replicated state machine. */
function Machine(props: GroupProps): JSX.Element {
  const { server, changes } = props;
  return (
    <Group title={t("machine")}>
      {server.store.map(({ key, value }) => (
        <Field key={key} field={key} value={value} changes={changes} />
      ))}
    </Group>
  );
}

function Group(props: {
  readonly title: string;
  readonly children: JSX.Element | (JSX.Element | null)[];
}): JSX.Element {
  return (
    <section class="group">
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

interface FieldProps {
  readonly field: string;
  readonly value: string;
  readonly changes: readonly ChangeView[];
  /** The field's name in the list of changes, where it differs. */
  readonly alias?: string | undefined;
  readonly lit?: boolean;
  readonly draft?: string;
  readonly edit?: (text: string) => Promise<boolean>;
}

function Field(props: FieldProps): JSX.Element {
  const { state, viewState } = useLab();
  const { field, value, changes, alias, edit, draft } = props;
  const [editing, setEditing] = useState(false);
  const change = changes.find((one) => one.field === (alias ?? field));
  const lit = change !== undefined || props.lit === true;
  return (
    <div
      class={`field${lit ? " lit" : ""}`}
      data-of={wordsOf(alias ?? field).join(" ")}
      data-points={[name(state.viewState.chosen), ...wordsOf(alias ?? field)].join(" ")}
    >
      <span class="field-name">{field}</span>
      {editing && edit ? (
        <FieldEditor
          label={t("edit", { field })}
          value={draft ?? value}
          edit={edit}
          done={() => setEditing(false)}
        />
      ) : (
        <span class="field-value">
          {change ? <del>{valueWords(change.field, change.before)}</del> : null}
          {edit ? (
            <button
              type="button"
              class="editable"
              title={t("edit", { field })}
              onClick={() => {
                // What is being written must not become another server's.
                viewState.pin(state.viewState.chosen);
                setEditing(true);
              }}
            >
              {value}
            </button>
          ) : (
            <span>{value}</span>
          )}
        </span>
      )}
    </div>
  );
}

function FieldEditor(props: {
  readonly label: string;
  readonly value: string;
  readonly edit: (text: string) => Promise<boolean>;
  readonly done: () => void;
}): JSX.Element {
  const { label, value, edit, done } = props;
  return (
    <Form
      class="field-editor"
      send={async (form) => {
        const input = form.elements.namedItem("value");
        if (input instanceof HTMLInputElement && (await edit(input.value.trim()))) done();
      }}
    >
      <input
        name="value"
        aria-label={label}
        defaultValue={value}
        autocomplete="off"
        ref={(element) => {
          if (element && document.activeElement !== element) element.select();
        }}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key !== "Enter") event.stopPropagation();
          if (event.key === "Escape") done();
        }}
      />
    </Form>
  );
}
