import { useState } from "react";

import { placeConversation, renameConversation } from "../../api/chat";
import { removeConversation, returnConversation } from "../../api/removing";
import type { Chat, ConversationLine, NewPlace, Turn } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import type { Key } from "../../i18n/translate";
import { More } from "../../parts/More";
import { CHAT_PATH, go } from "../../route";
import { useSession } from "../../session/context";
import { ExportSheet } from "./ExportSheet";
import { MoveSheet } from "./MoveSheet";
import { PlaceButtons } from "./PlaceButtons";
import { Refused } from "./Refused";
import { ShareMenu } from "./ShareMenu";
import { TitleBar } from "./TitleBar";
import { UndoLine } from "./UndoLine";
import type { Fault } from "./useTurnActions";

interface Properties {
  /** The conversation that is open; null where none is, or none yet. */
  conversation: string | null;
  title: string;
  line: ConversationLine | undefined;
  chat: Chat;
  /** The path that is shown. */
  turns: readonly Turn[];
  /** Whether it is asked in which folder it is to be. */
  moving: boolean;
  onMoving: (moving: boolean) => void;
  clock: string | null;
  onTitle: (kept: string) => void;
  onPlaced: (words: string) => void;
  onFault: (fault: Fault | null) => void;
  onList: (() => void) | null;
}

/** The title over a conversation, and what can be done with the whole of it. */
export function TalkHead(properties: Properties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [gone, setGone] = useState<Gone | null>(null);
  const bringBack = async ({ conversation, title }: Gone) => {
    await returnConversation(client, conversation);
    setGone(null);
    properties.onPlaced(t("remove.back", { title }));
  };
  return (
    <>
      <Head
        key={properties.conversation ?? ""}
        {...properties}
        onGone={(removed) => {
          setGone(removed);
          properties.onPlaced(t("remove.done", { title: removed.title }));
          go(CHAT_PATH);
        }}
      />
      {gone !== null && (
        <UndoLine
          words={t("remove.done", { title: gone.title })}
          onUndo={() => bringBack(gone)}
          onClose={() => setGone(null)}
        />
      )}
    </>
  );
}

/** A conversation that was removed, which can be undone. */
interface Gone {
  conversation: string;
  title: string;
}

function Head(properties: Properties & { onGone: (gone: Gone) => void }) {
  const { conversation, title, line, chat, turns, clock } = properties;
  const { moving, onMoving, onTitle, onPlaced, onFault, onList } = properties;
  const { t } = useLanguage();
  const { client } = useSession();
  const through = turns.at(-1)?.id ?? null;
  const [refused, setRefused] = useState<unknown>(null);
  const [exporting, setExporting] = useState(false);
  const [moved, setMoved] = useState<Moved | null>(null);
  const rename = async (opened: string, wanted: string) => {
    const { title: kept } = await renameConversation(client, opened, wanted);
    onTitle(kept);
  };
  const place = (opened: string, wanted: Partial<NewPlace>) => {
    onFault(null);
    placeConversation(client, opened, wanted).then(
      () => onPlaced(t(placed(wanted))),
      () => onFault("place"),
    );
  };
  const remove = (opened: string) => {
    setRefused(null);
    removeConversation(client, opened).then(
      () =>
        properties.onGone({
          conversation: opened,
          title: title === "" ? t("conversations.untitled") : title,
        }),
      setRefused,
    );
  };
  const takeBack = async (undone: Moved) => {
    await placeConversation(client, undone.conversation, { folder: undone.from });
    setMoved(null);
    onPlaced(t("move.back"));
  };
  return (
    <>
      <TitleBar
        title={title === "" ? t("conversations.untitled") : title}
        clock={clock}
        onRename={conversation === null ? null : (wanted) => rename(conversation, wanted)}
        onList={onList}
      >
        {line !== undefined && through !== null && (
          <ShareMenu conversation={line.id} turns={turns} now={chat.now} zone={chat.zone} />
        )}
        {conversation !== null && (
          <More>
            {line !== undefined && (
              <>
                <PlaceButtons line={line} onPlace={(wanted) => place(line.id, wanted)} />
                <button
                  type="button"
                  className="usa-button usa-button--unstyled quiet"
                  aria-haspopup="dialog"
                  onClick={() => onMoving(true)}
                >
                  {t("move.button")}
                </button>
              </>
            )}
            {through !== null && (
              <button
                type="button"
                className="usa-button usa-button--unstyled quiet"
                aria-haspopup="dialog"
                onClick={() => setExporting(true)}
              >
                {t("export.button")}
              </button>
            )}
            {line !== undefined && (
              <button
                type="button"
                className="usa-button usa-button--unstyled quiet"
                onClick={() => remove(line.id)}
              >
                {t("remove.button")}
              </button>
            )}
          </More>
        )}
      </TitleBar>
      <div role="alert">
        {refused !== null && <Refused error={refused} otherwise={t("remove.failed")} />}
      </div>
      {moving && line !== undefined && (
        <MoveSheet
          line={line}
          folders={chat.folders}
          onMoved={(to) => {
            const words = to === null ? t("move.out") : t("move.moved", { name: to.name });
            setMoved({ conversation: line.id, from: line.folder ?? "", words });
            onMoving(false);
            onPlaced(words);
          }}
          onClose={() => onMoving(false)}
        />
      )}
      {exporting && conversation !== null && (
        <ExportSheet
          conversation={conversation}
          through={through}
          onClose={() => setExporting(false)}
        />
      )}
      {moved !== null && (
        <UndoLine
          words={moved.words}
          onUndo={() => takeBack(moved)}
          onClose={() => setMoved(null)}
        />
      )}
    </>
  );
}

/** A move that can be undone: the folder that it came from, "" for none. */
interface Moved {
  conversation: string;
  from: string;
  words: string;
}

function placed({ pinned, archived }: Partial<NewPlace>): Key {
  if (archived !== undefined) {
    return archived === true ? "place.archived" : "place.unarchived";
  }
  return pinned === true ? "place.pinned" : "place.unpinned";
}
