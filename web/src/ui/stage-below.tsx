/** What stands below a server: its vote, the votes it gathered, and what is out of order. */
import type { JSX } from "preact";
import type { ServerView } from "../engine/types";
import { partyName as name, t } from "../i18n";
import type { Box, Point, Ring } from "../lib/geometry";
import { formatSpan } from "../lib/time";
import { keyed } from "./keyed";
import { textWidth } from "./measure";

/** On a disc smaller than this, shape alone tells the role, and one line stands below. */
const ROOMY_RADIUS = 29;
/** So large is a disc where there is room for three lines. */
const AMPLE_RADIUS = 40;
/** More servers than this stand close together on a stage that is not large. */
const CROWD = 6;
/** From the disc to the middle of the first line, and from line to line. */
const FIRST_LINE = 20;
const LINE = 13;

export function roleWord(server: ServerView): string {
  if (server.state === "crashed") return t("crashed");
  if (server.isDeposed) return t("deposed");
  if (server.role !== "follower" || server.standing === "voter") return t(server.role);
  return t(server.standing);
}

/** Whether the role's word fits into the disc, under the server's name. */
export function roleFits(server: ServerView, radius: number): boolean {
  const chord = 2 * Math.sqrt(Math.max(0, radius * radius - 17 * 17));
  return textWidth(roleWord(server), "role") <= chord - 5;
}

interface Line {
  readonly text: string;
  readonly warn?: boolean;
}

/** Whether votes are counted below a server: it stands for election. */
function gathers(server: ServerView): boolean {
  return server.votes.length > 0;
}

/** What of a server is said only while it is news. */
export interface News {
  /** The one for whom it has voted still stands for election. */
  readonly vote: boolean;
  /** The leader sends it a snapshot. */
  readonly snapshot: boolean;
}

/**
 * What is news of each server. That it has voted is left out where the words would touch another
 * server.
 */
export function newsOf(servers: readonly ServerView[], { places, radius }: Ring): News[] {
  return servers.map((server, i) => {
    const news = newsOfOne(server, servers);
    const place = places[i];
    const box = place && belowBox(server, place, radius, news);
    const touches = (other: Point, j: number): boolean =>
      j !== i && box !== undefined && isNear(box, other, radius + NEIGHBOUR);
    return news.vote && places.some(touches) ? { ...news, vote: false } : news;
  });
}

/** From a disc to its badge and its timer, which words keep clear of. */
const NEIGHBOUR = 12;

function isNear(box: Box, { x, y }: Point, reach: number): boolean {
  const dx = Math.max(0, Math.abs(box.x - x) - box.w / 2);
  const dy = Math.max(0, Math.abs(box.y - y) - box.h / 2);
  return Math.hypot(dx, dy) < reach;
}

function newsOfOne(server: ServerView, servers: readonly ServerView[]): News {
  const chosen = servers.find(({ id }) => id === server.votedFor);
  const stands = chosen?.role === "candidate" && chosen.currentTerm === server.currentTerm;
  const sends = servers.find(({ id }) => id === server.leader);
  const progress = sends?.progress.find(({ peer }) => peer === server.id);
  return {
    vote: stands && server.state !== "crashed",
    snapshot: progress?.mode === "snapshot" && server.state !== "crashed",
  };
}

/** The lines in order of weight; a small disc has room for the first one only. */
function linesOf(server: ServerView, radius: number, news: News): Line[] {
  const lines: Line[] = [];
  const roomy = radius >= ROOMY_RADIUS;
  if (roomy && !roleFits(server, radius)) lines.push({ text: roleWord(server) });
  if (server.state === "paused") lines.push({ text: t("paused"), warn: true });
  if (!server.connected) lines.push({ text: t("cutOff"), warn: true });
  if (server.isStalled) lines.push({ text: t("diskStalled"), warn: true });
  if (server.isFailing) lines.push({ text: t("diskFailing"), warn: true });
  if (server.isUnsynced) lines.push({ text: t("diskUnsynced"), warn: true });
  if (server.clockRatePermille !== 1000) {
    lines.push({ text: t("clockAt", { rate: rate(server) }), warn: true });
  }
  if (server.cpuUs > 0) {
    lines.push({ text: t("cpuTakes", { time: formatSpan(server.cpuUs) }), warn: true });
  }
  if (news.snapshot) lines.push({ text: t("snapshotComes") });
  if (server.readsWaiting > 0) {
    lines.push({ text: t("readsWait", { count: server.readsWaiting }) });
  }
  if (server.transfer !== undefined) {
    lines.push({ text: t("handingOver", { name: name(server.transfer) }) });
  }
  if (gathers(server)) return roomy ? lines.slice(0, 1) : [];
  if (!roomy && server.role !== "follower" && !roleFits(server, radius)) {
    lines.push({ text: roleWord(server) });
  }
  if (news.vote && server.votedFor !== undefined && lines.length < 2) {
    lines.push({ text: t("voted", { who: name(server.votedFor) }) });
  }
  return lines.slice(0, radius >= AMPLE_RADIUS ? 3 : roomy ? 2 : 1);
}

interface Tally {
  readonly counts: string;
  readonly votes: readonly { readonly peer: number; readonly answer: string }[];
  readonly gap: number;
  /** The count in words, where a line is left for it. */
  readonly words: string | undefined;
}

/** How many votes of how many; of each majority, while two have to agree. */
function counted(server: ServerView): string {
  const [first, second] = server.tally.map(({ have, need }) => ({
    have: Math.min(have, need),
    need,
  }));
  if (!first) return "";
  if (!second) return t("votes", first);
  return `C_old ${first.have}/${first.need} · C_new ${second.have}/${second.need}`;
}

function tallyOf(server: ServerView, radius: number, news: News): Tally {
  const { votes } = server;
  const gap = radius < ROOMY_RADIUS ? 8.4 : 12;
  const counts = counted(server);
  // In a crowd the dots have to do: the next server is too near for words below them.
  const lines = linesOf(server, radius, news).length;
  const hasRoom = votes.length <= CROWD && lines <= (radius < ROOMY_RADIUS ? 0 : 1);
  const told = radius >= AMPLE_RADIUS || hasRoom;
  return { counts, votes, gap, words: told ? counts : undefined };
}

/** The room that all this takes, for arrows and labels to keep clear of. */
export function belowBox(
  server: ServerView,
  place: Point,
  radius: number,
  news: News,
): Box | undefined {
  const lines = linesOf(server, radius, news);
  let w = Math.max(0, ...lines.map(({ text }) => textWidth(text, "below")));
  let rows = lines.length;
  if (gathers(server)) {
    const { votes, gap, words } = tallyOf(server, radius, news);
    w = Math.max(w, votes.length * gap, textWidth(words ?? "", "below"));
    rows += words === undefined ? 1 : 2;
  }
  if (rows === 0) return undefined;
  const h = rows * LINE;
  return { x: place.x, y: place.y + radius + FIRST_LINE - LINE / 2 + h / 2, w: w + 2, h };
}

interface Props {
  readonly server: ServerView;
  readonly place: Point;
  readonly radius: number;
  readonly news: News;
}

export const Below = keyed(DrawnBelow);

function DrawnBelow(props: Props): JSX.Element {
  const { server, place, radius, news } = props;
  const lines = linesOf(server, radius, news);
  const middle = (row: number): number => radius + FIRST_LINE + row * LINE;
  return (
    <g
      class="words-below"
      data-below={server.id}
      transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}
    >
      {lines.map(({ text, warn }, row) => (
        <text
          key={text}
          class={`below${warn ? " warn" : ""}`}
          y={middle(row)}
          dy="0.36em"
          text-anchor="middle"
        >
          {text}
        </text>
      ))}
      {gathers(server) ? (
        <Votes tally={tallyOf(server, radius, news)} y={middle(lines.length)} />
      ) : null}
    </g>
  );
}

/** A dot for each server's vote: filled is granted, open is awaited, crossed is refused. */
function Votes(props: { readonly tally: Tally; readonly y: number }): JSX.Element {
  const { counts, votes, gap, words } = props.tally;
  const left = (-(votes.length - 1) * gap) / 2;
  return (
    <g class="votes" transform={`translate(0 ${props.y})`}>
      <title>{counts}</title>
      {votes.map((vote, i) => (
        <g key={vote.peer} class={vote.answer} transform={`translate(${left + i * gap} 0)`}>
          <circle r={gap < 12 ? 3 : 3.6} />
          {vote.answer === "refused" ? <path d="M-2-2l4 4M2-2l-4 4" /> : null}
        </g>
      ))}
      {words === undefined ? null : (
        <text class="below" y={LINE} dy="0.36em" text-anchor="middle">
          {words}
        </text>
      )}
    </g>
  );
}

/** How fast a server's clock runs. */
export function rate(server: ServerView): string {
  return `${server.clockRatePermille / 10}%`;
}
