/** All that can be taken away of the run on the page, in one sheet: nothing of it is sent anywhere. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { lang } from "../i18n";
import { type Key, t } from "../i18n/later";
import { BYTES_MAX, fragmentOf } from "../lib/link";
import { marked } from "../lib/modified";
import { formatInstant } from "../lib/time";
import type { Lab } from "../state/lab";
import { Dialog } from "./dialog";
import { PARTS, type Part, pngOf, svgOf } from "./picture";
import { useLab } from "./use-lab";

/** The links to what is shown: the shortest there is, and one that holds the whole run. */
interface Links {
  readonly short: string;
  readonly whole: string;
}

async function linksOf({ engine, links, state }: Lab): Promise<Links | undefined> {
  const text = await engine.ask("save");
  const view = state.shown.view;
  if (text === undefined || !view || text.length > BYTES_MAX) return undefined;
  const whole = `#${await fragmentOf(text, view.position)}`;
  const short = (await links.hashOf(Number.POSITIVE_INFINITY)) ?? whole;
  const full = (hash: string): string => new URL(`${location.pathname}${hash}`, location.href).href;
  return { short: full(short), whole: full(whole) };
}

export function Share(): JSX.Element {
  const lab = useLab();
  const { run, state, viewState } = lab;
  const [links, setLinks] = useState<Links | null>();
  const view = state.shown.view;
  useEffect(() => {
    let isLatest = true;
    void linksOf(lab).then((found) => isLatest && setLinks(found ?? null));
    return () => {
      isLatest = false;
    };
  }, [view]);
  const name = run.name() || run.clusterWords();
  const hasSteps = state.shown.phases.some(({ caption }) => caption !== "");
  return (
    <Dialog title={t("shareTitle")}>
      <p class="dim">
        {t("shareOf", { name, position: view?.position ?? 0, time: formatInstant(view?.now ?? 0) })}{" "}
        {run.modified()}
      </p>
      <div class="share">
        <LinkPart links={links} />
        <PicturePart links={links} />
        <TextPart links={links} />
        <EmbedPart links={links} />
        {hasSteps ? (
          <section>
            <h3>{t("storyboard")}</h3>
            <p class="dim">{t("storyboardHint")}</p>
            <button type="button" onClick={() => viewState.open("storyboard")}>
              {t("storyboardOpen")}
            </button>
          </section>
        ) : null}
      </div>
    </Dialog>
  );
}

/** Whether what leads to this page leads to a file of this machine. */
const isFile = (): boolean => location.protocol === "file:";

/** `null` for a run that is too long for a link; undefined until that is known. */
type Props = { readonly links: Links | null | undefined };

/** Copies a text; where the browser refuses, the text stands there to be copied by hand. */
function Copy(props: {
  readonly label: Key;
  readonly text: () => Promise<string> | string;
}): JSX.Element {
  const [done, setDone] = useState<"copied" | { readonly refused: string }>();
  const field = useRef<HTMLTextAreaElement>(null);
  const refused = typeof done === "object" ? done.refused : undefined;
  useEffect(() => field.current?.select(), [refused]);
  const copy = async (): Promise<void> => {
    const text = await props.text();
    try {
      await navigator.clipboard.writeText(text);
      setDone("copied");
    } catch {
      setDone({ refused: text });
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {t(props.label)}
      </button>
      <span role="status" class="dim">
        {done === "copied" ? t("copied") : refused === undefined ? "" : t("copyRefused")}
      </span>
      {refused === undefined ? null : (
        <textarea ref={field} readonly rows={3} aria-label={t(props.label)} value={refused} />
      )}
    </>
  );
}

/** One of several words. */
function Choice<T extends string>(props: {
  readonly label: Key;
  readonly all: readonly (readonly [T, string])[];
  readonly now: T;
  readonly choose: (one: T) => void;
}): JSX.Element {
  return (
    <label class="share-choice">
      <span>{t(props.label)}</span>
      <select
        value={props.now}
        onChange={({ currentTarget }) => {
          const found = props.all.find(([one]) => one === currentTarget.value);
          if (found) props.choose(found[0]);
        }}
      >
        {props.all.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A number of events, or none. */
function Position(props: {
  readonly label: Key;
  readonly choose: (position: string) => void;
}): JSX.Element {
  const { view } = useLab().state.shown;
  return (
    <label class="share-choice">
      <span>{t(props.label)}</span>
      <input
        type="number"
        min={0}
        max={view?.length}
        // What is half typed, or no number of events, is as if nothing were there.
        onInput={({ currentTarget }) =>
          props.choose(currentTarget.validity.valid ? currentTarget.value : "")
        }
      />
    </label>
  );
}

function LinkPart({ links }: Props): JSX.Element {
  const [kind, setKind] = useState<"short" | "whole">("short");
  const link = links?.[kind] ?? "";
  const isSame = links?.short === links?.whole;
  return (
    <section>
      <h3>{t("shareLink")}</h3>
      {isSame ? null : (
        <Choice
          label="shareLinkKind"
          all={[
            ["short", t("shareShort")],
            ["whole", t("shareWhole")],
          ]}
          now={kind}
          choose={setKind}
        />
      )}
      <input
        type="text"
        readonly
        aria-label={t("shareLink")}
        value={link}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <p class="dim">
        {t(links === null ? "shareTooLong" : isFile() ? "linkFile" : "shareLinkHint")}
      </p>
      <p class="share-ways">{links ? <Copy label="copyLink" text={() => link} /> : null}</p>
    </section>
  );
}

const PART_WORDS = {
  stage: "sharePartStage",
  logs: "sharePartLogs",
  diagram: "sharePartDiagram",
  all: "sharePartAll",
} as const;

function PicturePart({ links }: Props): JSX.Element {
  const { element, files, state } = useLab();
  const [part, setPart] = useState<Part>("stage");
  const [said, setSaid] = useState<Key>("pictureHint");
  const seen = (Object.keys(PARTS) as Part[]).filter((one) => element.querySelector(PARTS[one]));
  const save = async (kind: "svg" | "png"): Promise<void> => {
    const link = links?.whole ?? "";
    const svg = svgOf(element, part, link);
    const drawn =
      svg === undefined || kind === "svg"
        ? svg && new Blob([svg], { type: "image/svg+xml" })
        : await pngOf(svg, link).catch(() => undefined);
    setSaid(drawn ? "pictureHint" : "pictureRefused");
    if (drawn) files.saveAs(`raft-${part}-${state.shown.view?.position ?? 0}.${kind}`, drawn);
  };
  const copy = async (): Promise<void> => {
    const link = links?.whole ?? "";
    const svg = svgOf(element, part, link);
    const drawn = svg === undefined ? Promise.resolve(undefined) : pngOf(svg, link);
    const there = drawn.then((png) => png ?? Promise.reject(new Error("no picture")));
    try {
      // Asked for while the click is fresh: it may be drawn later.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": there })]);
      setSaid("pictureCopied");
    } catch {
      setSaid("pictureUncopied");
    }
  };
  return (
    <section>
      <h3>{t("sharePicture")}</h3>
      <Choice
        label="sharePart"
        all={seen.map((one) => [one, t(PART_WORDS[one])] as const)}
        now={part}
        choose={setPart}
      />
      <p class="dim" role="status">
        {t(said)}
      </p>
      <p class="share-ways">
        <button type="button" onClick={() => void save("svg")}>
          {t("saveSvg")}
        </button>
        <button type="button" onClick={() => void save("png")}>
          {t("savePng")}
        </button>
        <button type="button" title={t("copyPictureHint")} onClick={() => void copy()}>
          {t("copyPicture")}
        </button>
      </p>
    </section>
  );
}

/** Every event of the branch, a line of JSON each. */
async function traceOf({ engine, state }: Lab): Promise<string> {
  const length = state.shown.view?.length ?? 0;
  const events = (await engine.ask("events", 0, length, lang.peek())) ?? [];
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** What a report of a bug needs: what was played, what failed, and where to see it. */
async function issueOf(lab: Lab, links: Props["links"]): Promise<string> {
  const { engine, run, state } = lab;
  const { failures, view } = state.shown;
  const broken = (view?.violations ?? []).map(({ event, property, text }) => {
    return `- ${t("issueEvent", { event })}: ${property}: ${text}`;
  });
  const failed = failures.map(({ problem }) => `- ${problem.message}`);
  const found = [...broken, ...failed];
  return [
    `## ${run.name() || run.clusterWords()}`,
    run.modified(),
    found.length > 0 ? found.join("\n") : t("issueSound"),
    `\`\`\`\n${((await engine.ask("save")) ?? "").trimEnd()}\n\`\`\``,
    links?.short.startsWith("file:") ? "" : `<${links?.short ?? ""}>`,
  ]
    .filter((paragraph) => paragraph !== "" && paragraph !== "<>")
    .join("\n\n");
}

function TextPart({ links }: Props): JSX.Element {
  const lab = useLab();
  const { engine, files, state } = lab;
  const text = async (): Promise<string> => {
    return marked((await engine.ask("save")) ?? "", state.shown.view?.without ?? []);
  };
  const saveTrace = async (): Promise<void> => {
    const trace = new Blob([await traceOf(lab)], { type: "application/jsonl" });
    files.saveAs(`raft-${state.shown.view?.seed ?? 0}.jsonl`, trace);
  };
  return (
    <section>
      <h3>{t("shareText")}</h3>
      <p class="share-ways">
        <Copy label="copyPlaybook" text={text} />
        <button type="button" onClick={() => void files.save()}>
          {t("savePlaybook")}
        </button>
      </p>
      <p class="share-ways">
        <button type="button" title={t("traceHint")} onClick={() => void saveTrace()}>
          {t("saveTrace")}
        </button>
      </p>
      <p class="share-ways">
        <Copy label="copyIssue" text={() => issueOf(lab, links)} />
      </p>
    </section>
  );
}

function EmbedPart({ links }: Props): JSX.Element {
  const { run, state } = useLab();
  const [language, setLanguage] = useState<"" | "en" | "zh">("");
  const [theme, setTheme] = useState<"" | "light" | "dark">("");
  const [controls, setControls] = useState<"all" | "play" | "none">("all");
  const [on, setOn] = useState<readonly string[]>([]);
  const [start, setStart] = useState("");
  const [end, setEnd] = useState("");
  const switches = [
    ["autoplay", "embedAskAutoplay"],
    ["loop", "embedAskLoop"],
    ["load=click", "embedAskLoad"],
    ["ask=no", "embedAskAsk"],
  ] as const;
  const words = [
    "embed",
    language && `lang=${language}`,
    theme && `theme=${theme}`,
    controls === "all" ? "" : `controls=${controls}`,
    start && `start=${start}`,
    end && `end=${end}`,
    ...on,
  ].filter(Boolean);
  const at = new URL(links?.short ?? location.href);
  const src = `${at.href.replace(/[?#].*$/s, "")}?${words.join("&")}${at.hash}`;
  const title = `Raft: ${run.name() || run.clusterWords()}`.replaceAll('"', "&quot;");
  const frame = `<iframe src="${src.replaceAll("&", "&amp;")}" width="720" height="420" title="${title}"></iframe>`;
  return (
    <section class="share-embed">
      <h3>{t("shareEmbed")}</h3>
      <div class="share-ways">
        <Choice
          label="embedLang"
          all={[
            ["", t("embedReaders")],
            ["en", "English"],
            ["zh", "中文"],
          ]}
          now={language}
          choose={setLanguage}
        />
        <Choice
          label="embedTheme"
          all={[
            ["", t("embedReaders")],
            ["light", t("themeLight")],
            ["dark", t("themeDark")],
          ]}
          now={theme}
          choose={setTheme}
        />
        <Choice
          label="embedControls"
          all={[
            ["all", t("embedAll")],
            ["play", t("embedPlay")],
            ["none", t("embedNone")],
          ]}
          now={controls}
          choose={setControls}
        />
        <Position label="embedStart" choose={setStart} />
        <Position label="embedEnd" choose={setEnd} />
        {switches.map(([name, label]) =>
          name === "ask=no" && state.bets.questions.length === 0 ? null : (
            <label key={name}>
              <input
                type="checkbox"
                checked={on.includes(name)}
                onChange={() =>
                  setOn(on.includes(name) ? on.filter((one) => one !== name) : [...on, name])
                }
              />{" "}
              {t(label)}
            </label>
          ),
        )}
      </div>
      {isFile() ? <p class="dim">{t("linkFile")}</p> : null}
      <pre>{frame}</pre>
      <p class="share-ways">
        <Copy label="copyFrame" text={() => frame} />
      </p>
    </section>
  );
}
