import { useCallback, useEffect, useRef } from "react";

import { createConversation, sendTurn, type ChatEvent } from "../api/chat";
import { beginTemporary } from "../api/temporary";
import type { Turn } from "../api/schema";
import { useSession } from "../session/context";
import { conversationPath, rename } from "../route";
import type { Log } from "./log";
import { held, newClientId, outgoing } from "./sending";
import { useOutbox } from "./useOutbox";
import { EMPTY, type Draft, type Outgoing, type UnsentStore } from "./unsent";

interface Place {
  conversation: string | null;
  /** What is shown of it. */
  log: Log;
  unsent: UnsentStore;
  /** What the answer to a sent message tells. */
  tell: (...events: ChatEvent[]) => void;
  /** A conversation was made, or a message was taken. */
  changed: () => void;
  /** Whether somebody is signed in. */
  reading: boolean;
}

export interface Sending {
  /** Sends what the field holds. */
  sendDraft: () => void;
  /** Sends a text with a model, past the field. */
  sendAgain: (text: string, model: string | null) => void;
  /** Sends a held message again, under the id that it has. */
  retry: () => void;
  /** Puts a held message back into the field. */
  takeBack: () => void;
}

/** Sending in a conversation; the first message of a new one makes it first. */
export function useSending({ conversation, log, unsent, tell, changed, reading }: Place): Sending {
  const { client } = useSession();
  const shown = useRef(log);
  useEffect(() => {
    shown.current = log;
  }, [log]);

  const deliver = useCallback(
    async (message: Outgoing, into: string | null) => {
      let id = into;
      unsent.setOutgoing(id, message);
      try {
        if (id === null) {
          id = (await (message.temporary ? beginTemporary : createConversation)(client)).id;
          unsent.adopt(id);
          if (conversation === null) {
            rename(conversationPath(id));
          }
        }
        const { clientId: client_id, text, model, fresh, below, insteadOf: instead_of } = message;
        const turn = { client_id, text, model, fresh, below, instead_of };
        const sent = await sendTurn(client, id, turn);
        if (into === conversation) {
          tell(seen(sent.user), seen(sent.assistant));
        }
        if (conversation !== null) {
          unsent.setOutgoing(id, null); // a new one is shown until its first reading has it
        }
        changed();
      } catch (error) {
        unsent.setOutgoing(id, held(message, error));
      }
    },
    [client, conversation, unsent, tell, changed],
  );

  useOutbox(unsent, deliver, reading);
  const send = useCallback(
    (draft: Draft) =>
      void deliver(outgoing(draft, shown.current, newClientId()), conversation),
    [conversation, deliver],
  );
  const sendDraft = useCallback(() => {
    const { draft } = unsent.of(conversation);
    unsent.setDraft(conversation, { ...EMPTY, text: draft.aside, model: draft.model });
    send(draft);
  }, [conversation, unsent, send]);
  const sendAgain = useCallback(
    (text: string, model: string | null) => {
      unsent.setDraft(conversation, { model });
      send({ ...EMPTY, text, model });
    },
    [conversation, unsent, send],
  );
  const retry = useCallback(() => {
    const { outgoing: message } = unsent.of(conversation);
    if (message !== null) {
      void deliver({ ...message, phase: "sending", why: null, said: null }, conversation);
    }
  }, [conversation, unsent, deliver]);
  const takeBack = useCallback(() => {
    const { draft, outgoing: message } = unsent.of(conversation);
    if (message !== null) {
      const text = [message.text, draft.text].filter((part) => part !== "").join("\n\n");
      const { model, fresh, insteadOf } = message;
      unsent.setDraft(conversation, { text, model, fresh, insteadOf });
      unsent.setOutgoing(conversation, null);
    }
  }, [conversation, unsent]);
  return { sendDraft, sendAgain, retry, takeBack };
}

function seen(turn: Turn): ChatEvent {
  return { kind: "turn", turn };
}
