import { Button, Tag } from "@trussworks/react-uswds";
import { useState } from "react";

import type { Letter, ToldMessage } from "../../../api/schema";
import { enumerate, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { LongField, TextField } from "../../../parts/form/fields";
import { Restored } from "../../../parts/form/FormNotes";
import { useKept } from "../../../parts/form/kept";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { Sheet } from "../../../parts/Sheet";
import { areaPath, go } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import type { Known } from "./MessagesPage";
import { aboutOf, stands } from "./words";
import { Said } from "../../../parts/Said";

interface Properties {
  told: ToldMessage;
  known: Known;
  again: () => void;
  onGone: (gone: ToldMessage) => void;
}

/** A message: its letters, to be edited until they are sent, and what became of each delivery. */
export function MessageView({ told, known, again, onGone }: Properties) {
  const { language, t } = useLanguage();
  const { message } = told;
  const unreached = message.unreached ?? [];
  return (
    <>
      <PageHeading text={aboutOf(known, message.about, language)} />
      <p>
        <Tag className="tag-pending">{stands(t, told)}</Tag>{" "}
        {message.sent != null &&
          t("messages.sentAt", { when: formatInstant(language, message.sent, known.page.zone) })}{" "}
        <Link href={areaPath("messages")}>{t("messages.all")}</Link>
      </p>
      {unreached.length > 0 && (
        <p>
          {t("messages.unreached")} {unreached.join(", ")}.{" "}
          <Link href={areaPath("directory")}>{t("messages.toDirectory")}</Link>
        </p>
      )}
      {message.letters.length === 0 && <p className="nothing">{t("messages.noLetters")}</p>}
      {message.sent == null ? (
        <Unsent key={told.version} told={told} again={again} onGone={onGone} />
      ) : (
        <>
          <Deliveries told={told} zone={known.page.zone} again={again} />
          <Section heading={t("messages.letters")}>
            {message.letters.map((letter, index) => (
              <article key={index} className="read-draft">
                <Addressed letter={letter} />
                <p>
                  <strong>{letter.subject[language]}</strong>
                </p>
                <p className="letter-text">{letter.text[language]}</p>
              </article>
            ))}
          </Section>
        </>
      )}
    </>
  );
}

function Addressed({ letter: { contact, services } }: { letter: Letter }) {
  const { language, t } = useLanguage();
  const ways = [
    contact.email == null ? null : t("messages.by.mail", { to: contact.email }),
    contact.webhook == null ? null : t("messages.by.webhook", { to: contact.webhook }),
  ].filter((way) => way !== null);
  return (
    <>
      <h3>{t("messages.to", { name: contact.name })}</h3>
      <p className="muted">
        {enumerate(language, ways)}. {t("messages.for", { names: services.join(", ") })}.{" "}
        {t(`messages.first.${contact.language ?? "en"}`)}
      </p>
    </>
  );
}

/** The letters as a form; what is not saved yet is kept in this browser. */
function Unsent({ told, again, onGone }: Omit<Properties, "known">) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [asking, setAsking] = useState(false);
  const where = `/api/desk/messages/${told.id}`;
  const form = useKept<{ letters: readonly Letter[] }>(`message.${told.id}.${told.version}`, {
    letters: told.message.letters,
  });
  const { letters } = form.value;
  const { version } = told;
  const changed = JSON.stringify(letters) !== JSON.stringify(told.message.letters);
  const saving = useDeed(() => client.send("PUT", where, { version, letters }), () => {
    form.clear();
    again();
  });
  const sending = useDeed(
    () => client.send("POST", `${where}/sending`, { version }),
    () => {
      setAsking(false);
      again();
    },
  );
  const removing = useDeed(
    () => client.send<ToldMessage>("POST", `${where}/removal`, { version }),
    (gone) => {
      onGone(gone);
      again();
      go(areaPath("messages"));
    },
  );
  const put = (index: number, part: Partial<Letter>) =>
    form.change({
      letters: letters.map((one, place) => (place === index ? { ...one, ...part } : one)),
    });
  return (
    <div className="desk-form wide-form">
      <Restored form={form} />
      {letters.map((letter, index) => (
        <article key={index} className="read-draft desk-form wide-form">
          <Addressed letter={letter} />
          {(["en", "fr"] as const).map((language) => (
            <div key={language} className="desk-form wide-form">
              <TextField
                label={t(language === "en" ? "messages.subjectEn" : "messages.subjectFr")}
                value={letter.subject[language]}
                onChange={(text) =>
                  put(index, { subject: { ...letter.subject, [language]: text } })
                }
              />
              <LongField
                label={t(language === "en" ? "messages.textEn" : "messages.textFr")}
                rows={10}
                value={letter.text[language]}
                onChange={(text) => put(index, { text: { ...letter.text, [language]: text } })}
              />
            </div>
          ))}
        </article>
      ))}
      <p className="saving" role="status">
        {letters.length > 0 && t(changed ? "messages.unsaved" : "messages.saved")}
      </p>
      <TroubleAlert trouble={saving.trouble ?? removing.trouble} />
      <div className="buttons">
        <Button
          type="button"
          outline
          disabled={!changed || saving.pending}
          onClick={() => saving.go()}
        >
          {t("messages.save")}
        </Button>
        <Button
          type="button"
          disabled={changed || letters.length === 0 || sending.pending}
          onClick={() => setAsking(true)}
        >
          {t("messages.send", { count: letters.length })}
        </Button>
        <Button type="button" outline disabled={removing.pending} onClick={() => removing.go()}>
          {t("messages.remove")}
        </Button>
      </div>
      {asking && (
        <Sheet
          heading={t("messages.sendHeading")}
          onClose={() => setAsking(false)}
          busy={sending.pending}
        >
          <p>{t("messages.sendMeans")}</p>
          <TroubleAlert trouble={sending.trouble} />
          <div className="buttons">
            <Button type="button" disabled={sending.pending} onClick={() => sending.go()}>
              {t("messages.sendYes")}
            </Button>
            <Button type="button" outline onClick={() => setAsking(false)}>
              {t("act.cancel")}
            </Button>
          </div>
        </Sheet>
      )}
    </div>
  );
}

interface DeliveriesProperties {
  told: ToldMessage;
  zone: string;
  again: () => void;
}

function Deliveries({ told: { id, deliveries }, zone, again }: DeliveriesProperties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const trying = useDeed(() => client.send("POST", `/api/desk/messages/${id}/trying`), again);
  return (
    <Section heading={t("messages.deliveries")}>
      <div role="status">
        <DataTable
          caption={t("messages.deliveriesCaption", { count: deliveries.length })}
          columns={[
            t("messages.delivery"),
            t("messages.way"),
            t("messages.state"),
            t("messages.attempts"),
            t("messages.said"),
          ]}
          rows={deliveries.map((delivery) => ({
            id: delivery.id,
            cells: [
              delivery.to,
              t(`messages.way.${delivery.channel}`),
              <>
                {t(`messages.delivery.${delivery.state}`)}
                {delivery.state === "queued" && delivery.attempts > 0 && (
                  <small>
                    {t("messages.next", { when: formatInstant(language, delivery.due, zone) })}
                  </small>
                )}
              </>,
              String(delivery.attempts),
              <Said key="said">{delivery.said}</Said>,
            ],
          }))}
        />
      </div>
      {deliveries.some(({ state }) => state === "failed") && (
        <>
          <TroubleAlert trouble={trying.trouble} />
          <Button type="button" outline disabled={trying.pending} onClick={() => trying.go()}>
            {t("messages.again")}
          </Button>
        </>
      )}
    </Section>
  );
}
