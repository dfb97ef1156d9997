import { Button } from "@trussworks/react-uswds";

import type { ConversationLine, NewPlace } from "../../api/schema";
import { useLanguage } from "../../i18n/context";

interface Properties {
  line: ConversationLine;
  onPlace: (place: Partial<NewPlace>) => void;
}

/** Keeps a conversation at hand, or puts it out of the way; each is undone where it was done. */
export function PlaceButtons({ line, onPlace }: Properties) {
  const { t } = useLanguage();
  return (
    <>
      {!line.archived && (
        <Button
          type="button"
          unstyled
          className="quiet"
          onClick={() => onPlace({ pinned: !line.pinned })}
        >
          {line.pinned ? t("place.unpin") : t("place.pin")}
        </Button>
      )}
      <Button
        type="button"
        unstyled
        className="quiet"
        onClick={() => onPlace({ archived: !line.archived })}
      >
        {line.archived ? t("place.unarchive") : t("place.archive")}
      </Button>
    </>
  );
}
