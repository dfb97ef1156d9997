import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from "react";

import { answerAgain, continueTurn, stopAnswer } from "../../api/chat";
import type { Turn } from "../../api/schema";
import { newClientId } from "../../chat/sending";
import type { UnsentStore } from "../../chat/unsent";
import type { useConversation } from "../../chat/useConversation";
import { useLanguage } from "../../i18n/context";
import { useSession } from "../../session/context";
import type { TurnActions } from "./TurnDeeds";

/** What the server was asked to do and did not. */
export type Fault = "stop" | "continue" | "again" | "place";

interface Wanted extends Pick<ReturnType<typeof useConversation>, "tell" | "look"> {
  conversation: string | null;
  unsent: UnsentStore;
  /** Whether an answer is being written. */
  busy: boolean;
  /** The model that is chosen for the next answer; null is the service's own. */
  model: string | null;
  field: RefObject<HTMLTextAreaElement | null>;
  announce: (what: string) => void;
}

/** What can be done with the turns of a conversation, and the last fault of it. */
export function useTurnActions(of: Wanted) {
  const { conversation, unsent, busy, model, field, tell, look, announce } = of;
  const { t } = useLanguage();
  const { client } = useSession();
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => setFault(null), [conversation]);

  const stop = useCallback(() => {
    setFault(null);
    if (conversation !== null) {
      stopAnswer(client, conversation).catch(() => setFault("stop"));
    }
  }, [client, conversation]);
  const goOn = useCallback(
    (turn: Turn) => {
      setFault(null);
      if (conversation !== null) {
        continueTurn(client, conversation, turn.id).then(
          ({ assistant }) => tell({ kind: "turn", turn: assistant }),
          () => setFault("continue"),
        );
      }
      field.current?.focus();
    },
    [client, conversation, tell, field],
  );
  const state = useRef({ busy, model });
  useEffect(() => {
    state.current = { busy, model };
  }, [busy, model]);
  const actions = useMemo<TurnActions>(
    () => ({
      onEdit: (turn) => {
        const { draft: now } = unsent.of(conversation);
        const aside = now.insteadOf === null ? now.text : now.aside;
        unsent.setDraft(conversation, { text: turn.text, insteadOf: turn.id, aside });
        field.current?.focus();
      },
      onAgain: (turn) => {
        setFault(null);
        if (conversation !== null && !state.current.busy) {
          const asked = { client_id: newClientId(), model: state.current.model };
          answerAgain(client, conversation, turn.id, asked).then(
            ({ assistant }) => tell({ kind: "turn", turn: assistant }),
            () => setFault("again"),
          );
        }
        field.current?.focus();
      },
      onLook: (turn, place, of) => {
        look(turn);
        announce(t("turn.shown", { place, of }));
      },
    }),
    [client, conversation, unsent, tell, look, t, field, announce],
  );

  return { fault, setFault, stop, goOn, actions };
}
