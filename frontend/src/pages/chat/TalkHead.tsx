import { placeConversation, renameConversation } from "../../api/chat";
import type { ConversationLine, NewPlace } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import type { Key } from "../../i18n/translate";
import { useSession } from "../../session/context";
import { ExportMenu } from "./ExportMenu";
import { PlaceButtons } from "./PlaceButtons";
import { TitleBar } from "./TitleBar";
import type { Fault } from "./useTurnActions";

interface Properties {
  /** The conversation that is open; null where none is, or none yet. */
  conversation: string | null;
  title: string;
  line: ConversationLine | undefined;
  /** Its last turn, up to which it is exported; null where nothing was said. */
  through: string | null;
  clock: string | null;
  onTitle: (kept: string) => void;
  onPlaced: (words: string) => void;
  onFault: (fault: Fault | null) => void;
  onList: (() => void) | null;
}

/** The title over a conversation, and what can be done with the whole of it. */
export function TalkHead(properties: Properties) {
  const { conversation, title, line, through, clock, onTitle, onPlaced, onFault, onList } =
    properties;
  const { t } = useLanguage();
  const { client } = useSession();
  const rename = async (opened: string, wanted: string) => {
    const { title: kept } = await renameConversation(client, opened, wanted);
    onTitle(kept);
  };
  const place = (opened: string, wanted: NewPlace) => {
    onFault(null);
    placeConversation(client, opened, wanted).then(
      () => onPlaced(t(placed(wanted))),
      () => onFault("place"),
    );
  };
  return (
    <TitleBar
      title={title === "" ? t("conversations.untitled") : title}
      clock={clock}
      onRename={conversation === null ? null : (wanted) => rename(conversation, wanted)}
      onList={onList}
    >
      {line !== undefined && (
        <PlaceButtons line={line} onPlace={(wanted) => place(line.id, wanted)} />
      )}
      {conversation !== null && through !== null && (
        <ExportMenu conversation={conversation} through={through} />
      )}
    </TitleBar>
  );
}

function placed({ pinned, archived }: NewPlace): Key {
  if (archived !== null) {
    return archived ? "place.archived" : "place.unarchived";
  }
  return pinned === true ? "place.pinned" : "place.unpinned";
}
