/** What the chat asks of the server; the shapes are those of its OpenAPI document. */

import type { Client } from "./client";
import type {
  Answering,
  AnswerAgain,
  Chat,
  Continuation,
  Conversation,
  Delta,
  Done,
  Ended,
  NewPlace,
  FoundPage,
  NewTurn,
  News,
  Notice,
  PersonalInstructions,
  Sent,
  Titled,
  Turn,
  TurnSeen,
} from "./schema";

export type Problem = NonNullable<Turn["problem"]>;
export type TurnState = Turn["state"];

/** What happens in a conversation. A mark only moves the place in the log. */
export type ChatEvent = TurnSeen | Delta | Titled | Ended;

const CONVERSATIONS = "/api/conversations";
const NOTICES = "/api/notices";

function one(id: string): string {
  return `${CONVERSATIONS}/${encodeURIComponent(id)}`;
}

export function fetchChat(client: Client, signal?: AbortSignal): Promise<Chat> {
  return client.get("/api/chat", signal);
}

export function createConversation(client: Client): Promise<Conversation> {
  return client.send("POST", CONVERSATIONS);
}

export function fetchConversation(
  client: Client,
  id: string,
  through: string | null,
  signal?: AbortSignal,
): Promise<Conversation> {
  const path = through === null ? "" : `?through=${encodeURIComponent(through)}`;
  return client.get(one(id) + path, signal);
}

export function renameConversation(
  client: Client,
  id: string,
  title: string,
): Promise<Conversation> {
  return client.send("PATCH", one(id), { title });
}

export function placeConversation(
  client: Client,
  id: string,
  place: Partial<NewPlace>,
): Promise<Done> {
  return client.send("PUT", `${one(id)}/place`, place);
}

export function sendTurn(client: Client, id: string, turn: NewTurn): Promise<Sent> {
  return client.send("POST", `${one(id)}/turns`, turn);
}

export function stopAnswer(client: Client, id: string): Promise<Done> {
  return client.send("POST", `${one(id)}/stop`);
}

export function continueTurn(client: Client, id: string, turn: string): Promise<Continuation> {
  return client.send("POST", `${one(id)}/turns/${encodeURIComponent(turn)}/continuation`);
}

export function answerAgain(
  client: Client,
  id: string,
  turn: string,
  wanted: AnswerAgain,
): Promise<Answering> {
  return client.send("POST", `${one(id)}/turns/${encodeURIComponent(turn)}/alternatives`, wanted);
}

const INSTRUCTIONS = "/api/chat/instructions";

export function fetchInstructions(
  client: Client,
  signal?: AbortSignal,
): Promise<PersonalInstructions> {
  return client.get(INSTRUCTIONS, signal);
}

export function changeInstructions(client: Client, text: string): Promise<PersonalInstructions> {
  return client.send("PUT", INSTRUCTIONS, { text });
}

/** What holds the words of a query, after the first `skip`. */
export function searchConversations(
  client: Client,
  query: string,
  skip: number,
  signal?: AbortSignal,
): Promise<FoundPage> {
  const wanted = new URLSearchParams({ query, skip: `${skip}` });
  return client.get(`/api/chat/search?${wanted}`, signal);
}

/** What was stored of a conversation's events after a place. */
export function fetchNews(client: Client, id: string, after: string): Promise<News> {
  return client.get(`${one(id)}/news?after=${encodeURIComponent(after)}`);
}

/** Where a conversation's events are told. */
export function conversationEvents(id: string): string {
  return `${one(id)}/events`;
}

export function fetchNotices(client: Client, signal?: AbortSignal): Promise<readonly Notice[]> {
  return client.get(NOTICES, signal);
}

export function acknowledgeNotice(client: Client, id: string): Promise<Done> {
  return client.send("POST", `${NOTICES}/${encodeURIComponent(id)}/acknowledgement`);
}

/** Where notices are told as orders are issued. */
export const NOTICE_EVENTS = `${NOTICES}/events`;
