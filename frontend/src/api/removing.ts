/** Removing conversations, bringing them back, and saying what one thinks of answers. */

import type { Client } from "./client";
import type { ConversationFeedback, Done, Feedback, MayRemove, NewFeedback } from "./schema";

function one(conversation: string): string {
  return `/api/conversations/${encodeURIComponent(conversation)}`;
}

function answerOf(conversation: string, turn: string): string {
  return `${one(conversation)}/feedback/${encodeURIComponent(turn)}`;
}

/** Whether one may remove conversations, and those that one removed. */
export function fetchRemoved(client: Client, signal?: AbortSignal): Promise<MayRemove> {
  return client.get("/api/removed-conversations", signal);
}

export function removeConversation(client: Client, conversation: string): Promise<Done> {
  return client.send("DELETE", one(conversation));
}

export function returnConversation(client: Client, conversation: string): Promise<Done> {
  return client.send("POST", `${one(conversation)}/return`);
}

export function fetchFeedback(
  client: Client,
  conversation: string,
  signal?: AbortSignal,
): Promise<ConversationFeedback> {
  return client.get(`${one(conversation)}/feedback`, signal);
}

export function giveFeedback(
  client: Client,
  conversation: string,
  turn: string,
  said: NewFeedback,
): Promise<Feedback> {
  return client.send("PUT", answerOf(conversation, turn), said);
}

export function takeBackFeedback(client: Client, conversation: string, turn: string): Promise<Done> {
  return client.send("DELETE", answerOf(conversation, turn));
}
