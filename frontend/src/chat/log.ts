/**
 * A conversation as the page knows it, and how what happens changes it.
 *
 * The server tells a conversation as of an event (`Conversation.last_event`) and then every event
 * after that one. Lost connections make it tell some of them again, so folding must bear that:
 *
 * 1. Text is told with the place where it begins, in UTF-16 code units. What is held already is
 *    passed over; a gap cannot be filled and makes the log *stale*.
 * 2. A turn that has ended stays as it ended: older news of it is passed over.
 * 3. A turn that was not known goes behind its parent, and what stood there belongs to another
 *    branch and goes. News of another branch is passed over: of turns that hang beside one of the
 *    path's, and of turns behind unknown ones while a path is shown that is not the newest.
 * 4. A seam is the server's to describe, and it knows all of it when the answer has ended: where
 *    another model's answer begins or ends, the log is stale.
 *
 * A stale log is shown as it is and asked for again.
 */

import type { ChatEvent } from "../api/chat";
import type { Branching, Conversation, Delta, Ended, Seam, Turn } from "../api/schema";

export interface Log {
  title: string;
  /** From the first turn to the newest. */
  turns: readonly Turn[];
  /** Whether the conversation goes on at the path's end by itself. */
  newest: boolean;
  /** Where several turns hang, each with all of them. */
  branchings: readonly Branching[];
  seams: readonly Seam[];
  stale: boolean;
  /** When it is removed at the latest; null where it is kept. */
  temporaryUntil: string | null;
}

/** The log of a conversation that the server told whole. */
export function opened(conversation: Conversation): Log {
  const { title, turns, newest, branchings, seams, temporary_until: temporaryUntil } = conversation;
  return { title, turns, newest, branchings, seams, stale: false, temporaryUntil };
}

/** The log after an event. An event that tells nothing new gives the same log. */
export function fold(log: Log, event: ChatEvent): Log {
  switch (event.kind) {
    case "turn":
      return seen(log, event.turn);
    case "delta":
      return more(log, event);
    case "title":
      return event.title === log.title ? log : { ...log, title: event.title };
    case "end":
      return ended(log, event);
  }
}

/** The answer being written, if one is. */
export function writing(log: Log): Turn | null {
  return log.turns.findLast((turn) => turn.state === "generating") ?? null;
}

/** What stands before an edited message; all where none is. */
export function upTo(log: Log, edited: string | null): Log {
  const place = edited === null ? -1 : log.turns.findIndex(({ id }) => id === edited);
  return place === -1 ? log : { ...log, turns: log.turns.slice(0, place) };
}

/** The newest turn's id; null in an empty conversation. */
export function headOf(log: Log): string | null {
  return log.turns.at(-1)?.id ?? null;
}

function seen(log: Log, turn: Turn): Log {
  const place = log.turns.findIndex(({ id }) => id === turn.id);
  const known = log.turns[place];
  if (known === undefined) {
    return added(log, turn);
  }
  if (turn.state === "generating") {
    return answering(log, place, turn);
  }
  if (known.state === turn.state && known.text === turn.text) {
    return log;
  }
  const seams = log.seams.filter(({ before }) => before !== turn.id);
  const due = withSeamDue({ ...log, seams, turns: log.turns.with(place, turn) }, place);
  return { ...due, seams: log.seams }; // the one told while it was written shows until then
}

/** Who writes an answer is told before its first word; of its text as much is held, or more. */
function answering(log: Log, place: number, { served }: Turn): Log {
  const known = log.turns[place];
  if (known?.state !== "generating" || known.served !== null || served === null) {
    return log;
  }
  return withSeamDue({ ...log, turns: log.turns.with(place, { ...known, served }) }, place);
}

function added(log: Log, turn: Turn): Log {
  const place = log.turns.findIndex(({ id }) => id === turn.parent) + 1;
  if (turn.parent !== null && place === 0) {
    return missed(log, turn.id);
  }
  if (elsewhere(log, turn.id)) {
    return log;
  }
  const branchings = branchedAt(log, turn, log.turns[place]);
  const turns = [...log.turns.slice(0, place), turn];
  const held = new Set(turns.map(({ id }) => id));
  const seams = log.seams.filter(({ before }) => held.has(before));
  return withSeamDue({ ...log, turns, newest: true, branchings, seams }, place);
}

/** The branchings once `turn` hangs where `beside` stood, if anything did. */
function branchedAt(log: Log, turn: Turn, beside: Turn | undefined): readonly Branching[] {
  if (beside === undefined) {
    return log.branchings;
  }
  const place = log.branchings.findIndex(({ below }) => below === turn.parent);
  const known = log.branchings[place];
  return known === undefined
    ? [...log.branchings, { below: turn.parent, turns: [beside.id, turn.id] }]
    : log.branchings.with(place, { ...known, turns: [...known.turns, turn.id] });
}

function elsewhere(log: Log, id: string): boolean {
  return log.branchings.some(({ turns }) => turns.includes(id));
}

/** News of a turn that is not on the path: of another branch, or not to be understood. */
function missed(log: Log, id: string): Log {
  return !log.newest || elsewhere(log, id) ? log : { ...log, stale: true };
}

function withSeamDue(log: Log, place: number): Log {
  const turn = log.turns[place];
  const model = turn === undefined ? undefined : answeredBy(turn)?.model;
  const before = log.turns.slice(0, place).map(answerer).findLast((name) => name !== null);
  const due = model !== undefined && before !== undefined && before !== model;
  const told = log.seams.some((seam) => seam.before === turn?.id);
  return due && !told ? { ...log, stale: true } : log;
}

/** Who answered; of a turn that was said elsewhere, who its file states. */
function answeredBy({ served, origin }: Turn): Turn["served"] {
  return origin === null ? served : origin.stated;
}

/** The name of the model that answered, as far as one is named. */
function answerer(turn: Turn): string | null {
  const { origin } = turn;
  const named = answeredBy(turn)?.model ?? null;
  return named ?? (origin?.model == null ? null : `${origin.source}:${origin.model}`);
}

function more(log: Log, { turn: id, text, at }: Delta): Log {
  const place = log.turns.findIndex((turn) => turn.id === id);
  const turn = log.turns[place];
  if (turn === undefined) {
    return missed(log, id);
  }
  if (at > turn.text.length) {
    return turn.state === "generating" ? { ...log, stale: true } : log;
  }
  const unseen = text.slice(turn.text.length - at);
  if (turn.state !== "generating" || unseen === "") {
    return log;
  }
  return { ...log, turns: log.turns.with(place, { ...turn, text: turn.text + unseen }) };
}

/** A turn's whole comes before its end; where it did not, it is asked for. */
function ended(log: Log, { turn: id }: Ended): Log {
  return log.turns.some((turn) => turn.id === id && turn.state === "generating")
    ? { ...log, stale: true }
    : log;
}
