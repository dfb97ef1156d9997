import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
} from "react";

import { ofConversation } from "../../api/attachments";
import { createConversation } from "../../api/chat";
import type { Chat, Turn } from "../../api/schema";
import { beginTemporary } from "../../api/temporary";
import { AnnounceContext } from "../../chat/announcing";
import { upTo, writing } from "../../chat/log";
import { arrived, type Draft, type UnsentStore } from "../../chat/unsent";
import { useAsked } from "../../chat/useAsked";
import { useConversation } from "../../chat/useConversation";
import { useFiles } from "../../chat/useFiles";
import { useNotices } from "../../chat/useNotices";
import { useSearch } from "../../chat/useSearch";
import { useSending } from "../../chat/useSending";
import type { Opened } from "../../chat/useChat";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { CHAT_PATH, conversationPath, go, rename } from "../../route";
import { useSession } from "../../session/context";
import { useMedia } from "../../useMedia";
import { CollectionSheet } from "./AskedCollections";
import { Composer, COMPOSER } from "./Composer";
import { Conversations, ConversationSheet } from "./Conversations";
import { Greeting } from "./Greeting";
import { InstructionsSheet } from "./Instructions";
import { LineState } from "./LineState";
import { LogView } from "./LogView";
import { NoticeBox } from "./NoticeBox";
import { OutgoingView } from "./OutgoingView";
import { PromptSheet } from "./PromptSheet";
import { focusAnswer, ShortcutSheet, useShortcuts } from "./Shortcuts";
import { TalkHead } from "./TalkHead";
import { SHELF_SEARCH } from "./ShelfSearch";
import { TemporaryChoice } from "./TemporaryChoice";
import { TemporaryMark } from "./TemporaryMark";
import { useMending } from "./useMending";
import { useSettled } from "./useSettled";
import { useSought } from "./useSought";
import { useStatusWords } from "./useStatusWords";
import { useTurnActions } from "./useTurnActions";

/** Room for the conversations beside the chat. */
const WIDE = "(min-width: 60rem)";
/** Taking the focus would bring up a keyboard that covers the page. */
const TOUCH = "(pointer: coarse)";
const PATIENCE_MS = 1_500;

interface Properties {
  chat: Chat;
  opened: Opened;
  unsent: UnsentStore;
  conversation: string | null;
  demonstration: boolean;
  reading: boolean;
}

/** A conversation: notices, what was said, and where to write, with the others beside it. */
export function Talk({ chat, opened, unsent, conversation, demonstration, reading }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const { refresh, retitle } = opened;
  const { phase, log, connected, polled, tell, look } = useConversation(conversation, reading);
  const { notices, acknowledge } = useNotices(reading, refresh);
  const { draft, outgoing } = useSyncExternalStore(unsent.subscribe, () =>
    unsent.of(conversation),
  );
  const sending = useSending({ conversation, log, unsent, tell, changed: refresh, reading });
  const { sendAgain } = sending;
  const begin = useCallback(async () => {
    const { temporary } = unsent.of(null).draft;
    const { id } = await (temporary ? beginTemporary : createConversation)(client);
    unsent.adopt(id);
    rename(conversationPath(id));
    refresh();
    return id;
  }, [client, unsent, refresh]);
  const beginFiles = useCallback(async () => ofConversation(await begin()), [begin]);
  const filesPlace = conversation === null ? null : ofConversation(conversation);
  const files = useFiles(filesPlace, reading, beginFiles);
  const asked = useAsked(conversation, reading, begin);
  const search = useSearch();
  const { onFound, found } = useSought(conversation, phase === "ready", log, look);
  const [said, announce] = useState("");
  const [listed, setListed] = useState(false);
  const [keys, setKeys] = useState(false);
  const [instructing, setInstructing] = useState(false);
  const [moving, setMoving] = useState(false);
  const [prompting, setPrompting] = useState(false);
  const [picking, setPicking] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const wide = useMedia(WIDE);
  const linked = useSettled(connected, PATIENCE_MS);
  const service = chat.service_name[language];
  const answer = writing(log);
  const busy = answer !== null;
  useStatusWords(log, linked, service, announce);

  const writingId = answer?.id ?? null;
  const line = chat.conversations.find(({ id }) => id === conversation);
  const title = phase === "ready" ? log.title : (line?.title ?? "");
  useEffect(() => {
    if (conversation !== null && title !== "") {
      retitle(conversation, title);
    }
  }, [conversation, title, retitle]);
  useEffect(refresh, [writingId, refresh]);
  useEffect(() => {
    if (outgoing !== null && arrived(outgoing, log.turns)) {
      unsent.setOutgoing(conversation, null);
    }
  }, [outgoing, log.turns, unsent, conversation]);
  useEffect(() => {
    if (conversation === null && !matchMedia(TOUCH).matches) {
      field.current?.focus();
    }
    setListed(false);
  }, [conversation]);

  const { fault, setFault, stop, goOn, actions } = useTurnActions({
    conversation,
    unsent,
    busy,
    model: draft.model,
    field,
    tell,
    look,
    announce,
  });
  const setDraft = useCallback(
    (change: Partial<Draft>) => unsent.setDraft(conversation, change),
    [unsent, conversation],
  );

  const knowledge = useMemo(
    () =>
      new Map(
        chat.models.flatMap(({ id, knowledge_cutoff: known }) => (known === null ? [] : [[id, known]])),
      ),
    [chat.models],
  );
  const mending = useMending({
    log,
    waits: busy || outgoing !== null,
    usual: chat.default_model.id,
    goOn,
    sendAgain,
    field,
  });

  const leaveEdit = () => setDraft({ text: draft.aside, insteadOf: null, aside: "" });
  const lastOf = (role: Turn["role"]) => log.turns.findLast((turn) => turn.role === role);
  useShortcuts({
    help: () => setKeys(true),
    new: () => go(CHAT_PATH),
    search: () => {
      setListed(true);
      // Where the list is behind a button, the field comes with it.
      setTimeout(() => document.querySelector<HTMLElement>(`.${SHELF_SEARCH}`)?.focus());
    },
    move: () => setMoving(line !== undefined),
    field: () => field.current?.focus(),
    previous: () => focusAnswer(-1),
    next: () => focusAnswer(1),
    copy: () => {
      const answered = lastOf("assistant");
      if (answered !== undefined && answered.text !== "") {
        void navigator.clipboard?.writeText(answered.text).then(() => announce(t("prose.copied")));
      }
    },
    again: () => {
      const answered = lastOf("assistant");
      if (answered !== undefined && !busy) {
        actions.onAgain(answered);
      }
    },
    edit: () => {
      const asked = lastOf("user");
      if (asked !== undefined && !busy) {
        actions.onEdit(asked);
      }
    },
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const inDialog = event.target instanceof Element && event.target.closest("dialog") !== null;
    if (event.key !== "Escape" || inDialog) {
      return;
    }
    if (busy) {
      stop();
    } else if (draft.insteadOf !== null) {
      leaveEdit();
    }
  };
  const list = {
    lines: chat.conversations,
    folders: chat.folders,
    current: conversation,
    zone: chat.zone,
    onChanged: refresh,
    search,
    onFound,
  };
  const notice = notices[0];
  const shown = outgoing !== null && !arrived(outgoing, log.turns) ? outgoing : null;
  const before = upTo(log, shown?.insteadOf ?? null);
  return (
    <AnnounceContext value={announce}>
      <div className={busy ? "chat busy" : "chat"} onKeyDown={onKeyDown}>
        <a className="usa-skipnav" href={`#${COMPOSER}`}>
          {t("chat.skip")}
        </a>
        {wide ? (
          <Conversations {...list} />
        ) : (
          <ConversationSheet {...list} open={listed} onClose={() => setListed(false)} />
        )}
        <div className="talk">
          <TalkHead
            conversation={phase === "ready" ? conversation : null}
            title={title}
            line={line}
            chat={chat}
            moving={moving}
            onMoving={setMoving}
            turns={log.turns}
            clock={demonstration ? formatInstant(language, chat.now, chat.zone) : null}
            onTitle={(kept) => tell({ kind: "title", title: kept })}
            onPlaced={(words) => {
              refresh();
              announce(words);
            }}
            onFault={setFault}
            onList={wide ? null : () => setListed(true)}
          />
          {conversation !== null && line === undefined && log.temporaryUntil !== null && (
            <TemporaryMark
              key={`temporary ${conversation}`}
              conversation={conversation}
              until={log.temporaryUntil}
              zone={chat.zone}
              onKept={(words) => {
                refresh();
                announce(words);
                field.current?.focus();
              }}
              onEnded={(words) => {
                go(CHAT_PATH);
                announce(words);
              }}
            />
          )}
          <p className="usa-sr-only" role="status">
            {said}
          </p>
          <p className="usa-sr-only" aria-live="polite">
            {notice === undefined ? "" : t("notice.announced", { what: notice.what[language] })}
          </p>
          {notice !== undefined && (
            <NoticeBox
              key={notice.id}
              notice={notice}
              more={notices.length - 1}
              onAcknowledge={async (id) => {
                await acknowledge(id);
                field.current?.focus();
              }}
              onFresh={
                log.turns.length === 0 || draft.fresh
                  ? null
                  : () => {
                      setDraft({ fresh: true });
                      field.current?.focus();
                    }
              }
            />
          )}
          {phase === "missing" ? (
            <div className="log">
              <div className="log-inner">
                <p>{t("chat.missing")}</p>
                <p>
                  <Link href={CHAT_PATH}>{t("conversations.new")}</Link>
                </p>
              </div>
            </div>
          ) : (
            <LogView
              key={`log ${conversation ?? ""}`}
              conversation={conversation}
              log={before}
              service={service}
              zone={chat.zone}
              now={chat.now}
              knowledge={knowledge}
              actions={actions}
              mending={mending}
              sought={found}
              empty={
                phase === "none" || phase === "ready" ? (
                  <Greeting chat={chat}>
                    {phase === "none" && (
                      <TemporaryChoice
                        chosen={draft.temporary}
                        onChoose={(temporary) => setDraft({ temporary })}
                      />
                    )}
                  </Greeting>
                ) : (
                  <p className="muted">{t("chat.opening")}</p>
                )
              }
              after={
                shown === null ? null : (
                  <OutgoingView
                    outgoing={shown}
                    onRetry={sending.retry}
                    onTakeBack={() => {
                      sending.takeBack();
                      field.current?.focus();
                    }}
                  />
                )
              }
            />
          )}
          <LineState linked={linked} polled={polled} fault={fault} onClose={() => setFault(null)} />
          {phase !== "missing" && (
            <Composer
              chat={chat}
              turns={upTo(log, draft.insteadOf).turns}
              draft={draft}
              files={files}
              asked={asked}
              writing={busy}
              blocked={
                blocked(t, shown !== null, shown?.phase === "sending", phase) ??
                (files.busy ? t("files.wait") : null)
              }
              field={field}
              onDraft={setDraft}
              onLeaveEdit={leaveEdit}
              onSend={sending.sendDraft}
              onStop={stop}
              onPrompts={() => setPrompting(true)}
              onCollections={() => setPicking(true)}
              onInstructions={() => setInstructing(true)}
              onShortcuts={() => setKeys(true)}
            />
          )}
          {prompting && (
            <PromptSheet field={field} onClose={() => setPrompting(false)} />
          )}
          {picking && (
            <CollectionSheet
              asked={asked}
              onClose={() => {
                setPicking(false);
                field.current?.focus();
              }}
            />
          )}
          {instructing && (
            <InstructionsSheet
              service={service}
              onClose={() => setInstructing(false)}
              onSaved={() => {
                setInstructing(false);
                announce(t("instructions.saved"));
              }}
            />
          )}
          {keys && <ShortcutSheet onClose={() => setKeys(false)} />}
        </div>
      </div>
    </AnnounceContext>
  );
}

function blocked(
  t: ReturnType<typeof useLanguage>["t"],
  waits: boolean,
  isSending: boolean,
  phase: string,
): string | null {
  if (waits) {
    return isSending ? t("composer.sending") : t("composer.held");
  }
  return phase === "loading" || phase === "lost" ? t("composer.opening") : null;
}
