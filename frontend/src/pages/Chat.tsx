import { GridContainer } from "@trussworks/react-uswds";
import { useCallback, useState } from "react";

import { refusedWith } from "../api/asking";
import type { Person } from "../api/schema";
import { useChat } from "../chat/useChat";
import { usePresence } from "../chat/usePresence";
import { browserStorage, UnsentStore } from "../chat/unsent";
import { useLanguage } from "../i18n/context";
import { PageHeading } from "../parts/PageHeading";
import { Talk } from "./chat/Talk";

interface Properties {
  person: Person;
  conversation: string | null;
  demonstration: boolean;
  /** Whether the session has ended: nothing is asked until it stands again. */
  expired: boolean;
}

/** The chat: a person's conversations, one of them in full, and where to write. */
export function ChatPage({ person, conversation, demonstration, expired }: Properties) {
  const present = usePresence();
  const reading = present && !expired;
  const opened = useChat(reading);
  const [unsent] = useState(() => new UnsentStore(person.id, browserStorage()));
  if (opened.chat === null) {
    return <NotOpened error={opened.error} />;
  }
  return (
    <Talk
      chat={opened.chat}
      opened={opened}
      unsent={unsent}
      conversation={conversation}
      demonstration={demonstration}
      reading={reading}
    />
  );
}

/** What is shown before the chat answered, or when it will not. */
function NotOpened({ error }: { error: unknown }) {
  const { language, t } = useLanguage();
  const detail = refusedWith(error)?.detail;
  const said = useCallback(() => {
    if (error === null) {
      return t("chat.loading");
    }
    return detail === undefined ? t("chat.lost") : t("chat.refused");
  }, [error, detail, t]);
  return (
    <GridContainer className="page">
      <PageHeading text={t("chat.heading")} />
      <p role="status">{said()}</p>
      {detail !== undefined && (
        <p lang={language === "en" ? undefined : "en"}>
          {detail.what} {detail.means} {detail.do}
        </p>
      )}
    </GridContainer>
  );
}
