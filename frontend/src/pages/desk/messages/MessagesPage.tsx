import { Button, GridContainer } from "@trussworks/react-uswds";
import { useState } from "react";

import type { Client } from "../../../api/client";
import type { MessagesPage as Told, ReachChoices, ToldMessage } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { Demonstration } from "../../../parts/Demonstration";
import { PageHeading } from "../../../parts/PageHeading";
import { knownValue } from "../../../polling";
import { useSession } from "../../../session/context";
import { NowherePage } from "../../Nowhere";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import type { AreaProperties } from "../areas";
import { MessageList } from "./MessageList";
import { MessageView } from "./MessageView";

const POLL_MS = 4_000;

export interface Known {
  page: Told;
  choices: ReachChoices;
}

const fetchKnown = async (client: Client, signal: AbortSignal): Promise<Known> => {
  const [page, choices] = await Promise.all([
    client.get<Told>("/api/desk/messages", signal),
    client.get<ReachChoices>("/api/desk/reach/choices", signal),
  ]);
  return { page, choices };
};

/** Messages to owners: all of them, and one of them. */
export default function MessagesPage({ rest }: AreaProperties) {
  const { t } = useLanguage();
  const asked = usePage(fetchKnown, POLL_MS);
  const known = knownValue(asked.polled);
  const [gone, setGone] = useState<ToldMessage | null>(null);
  const [id, ...more] = rest;
  const message = known?.page.messages.find((one) => one.id === id);
  if (more.length > 0) {
    return <NowherePage />;
  }
  return (
    <GridContainer className="page">
      {(known === null || id === undefined) && <PageHeading text={t("messages.heading")} />}
      <Connection {...asked} loading="messages.loading" />
      {id === undefined && known?.page.demonstration === true && (
        <Demonstration now={known.page.now} zone={known.page.zone} />
      )}
      {known !== null && id === undefined && (
        <>
          <Gone gone={gone} onBack={() => setGone(null)} again={asked.again} />
          <MessageList known={known} again={asked.again} />
        </>
      )}
      {known !== null && message !== undefined && (
        <MessageView
          key={message.id}
          told={message}
          known={known}
          again={asked.again}
          onGone={setGone}
        />
      )}
      {known !== null && id !== undefined && message === undefined && <NowherePage />}
    </GridContainer>
  );
}

interface GoneProperties {
  gone: ToldMessage | null;
  onBack: () => void;
  again: () => void;
}

/** Says that a message was removed just now, and brings it back. */
function Gone({ gone, onBack, again }: GoneProperties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const restoring = useDeed(
    ({ id, version }: ToldMessage) =>
      client.send("POST", `/api/desk/messages/${id}/restoration`, { version }),
    () => {
      onBack();
      again();
    },
  );
  return (
    <>
      <div role="status">
        {gone !== null && (
          <p className="restored">
            {t("messages.removed")}{" "}
            <Button type="button" unstyled onClick={() => restoring.go(gone)}>
              {t("messages.restore")}
            </Button>
          </p>
        )}
      </div>
      <TroubleAlert trouble={restoring.trouble} />
    </>
  );
}
