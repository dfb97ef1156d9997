import { Alert, AlertText, Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { ReachChoices, ToldMessage } from "../../../api/schema";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Choice } from "../../../parts/Choice";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { areaPath, go } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import type { Known } from "./MessagesPage";
import { aboutOf, stands } from "./words";

interface Properties {
  known: Known;
  again: () => void;
}

/** Every message, the newest first, and preparing another. */
export function MessageList({ known, again }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const { page, choices } = known;
  const [about, setAbout] = useState(
    () => new URLSearchParams(location.search).get("about") ?? "",
  );
  const preparing = useDeed(
    () => client.send<ToldMessage>("POST", "/api/desk/messages", { about }),
    (made) => {
      again();
      go(areaPath("messages", made.id));
    },
  );
  const named = (things: ReachChoices["vendors"]) =>
    Object.entries(things).map(([value, name]) => ({ value, text: name[language] }));
  return (
    <>
      <p>{t("messages.intro")}</p>
      {!page.mail && (
        <Alert type="info" slim>
          <AlertText>{t(page.demonstration ? "messages.outbox" : "messages.noMail")}</AlertText>
        </Alert>
      )}
      <div className="filters">
        <Choice
          label={t("messages.about")}
          value={about}
          onChoose={setAbout}
          options={[
            { value: "", text: t("messages.choose") },
            ...named(choices.vendors),
            ...named(choices.models),
            ...named(choices.orders),
          ]}
        />
      </div>
      <TroubleAlert trouble={preparing.trouble} />
      <p>
        <Button
          type="button"
          disabled={about === "" || preparing.pending}
          onClick={() => preparing.go()}
        >
          {t("messages.prepare")}
        </Button>
      </p>
      {page.messages.length === 0 ? (
        <p className="nothing">{t("messages.none")}</p>
      ) : (
        <DataTable
          caption={t("messages.caption", { count: page.messages.length })}
          columns={[
            t("messages.message"),
            t("messages.letters"),
            t("messages.state"),
            t("messages.changed"),
          ]}
          rows={page.messages.map((one) => ({
            id: one.id,
            cells: [
              <Link href={areaPath("messages", one.id)}>
                {aboutOf(known, one.message.about, language)}
              </Link>,
              t("messages.lettersOf", { count: one.message.letters.length }),
              stands(t, one),
              `${formatInstant(language, one.changed, page.zone)}, ${one.changed_by}`,
            ],
          }))}
        />
      )}
    </>
  );
}
