import { Button } from "@trussworks/react-uswds";
import { useState, type FormEvent } from "react";

import type { CompliancePage, KeptAttestation } from "../../../api/schema";
import { formatDeadline, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { LongField, SelectField, TextField } from "../../../parts/form/fields";
import { Restored } from "../../../parts/form/FormNotes";
import { useKept } from "../../../parts/form/kept";
import { Section } from "../../../parts/Section";
import { Sheet } from "../../../parts/Sheet";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";

interface Properties {
  page: CompliancePage;
  order: string;
  again: () => void;
}

const BASE = "/api/desk/compliance/attestations";
const STATEMENTS = ["ended", "winding-down", "never-used"] as const;

/** What parties attest, and beside it what was recorded. */
export function Attestations({ page, order, again }: Properties) {
  const { t } = useLanguage();
  const [signing, setSigning] = useState<KeptAttestation | null>(null);
  return (
    <Section heading={t("compliance.attestations")}>
      <p>{t("compliance.attestationsIntro")}</p>
      {page.attestations.length === 0 && (
        <p className="nothing">{t("compliance.noAttestations")}</p>
      )}
      {page.attestations.map((kept) => (
        <Attested
          key={kept.id}
          kept={kept}
          page={page}
          again={again}
          onSign={() => setSigning(kept)}
        />
      ))}
      <Asking page={page} order={order} again={again} />
      {signing !== null && (
        <Signing
          kept={signing}
          onClose={() => setSigning(null)}
          onSigned={() => {
            setSigning(null);
            again();
          }}
        />
      )}
    </Section>
  );
}

interface AttestedProperties {
  kept: KeptAttestation;
  page: CompliancePage;
  again: () => void;
  onSign: () => void;
}

function Attested({ kept, page, again, onSign }: AttestedProperties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const { attestation, contradicted } = kept;
  const { signature, withdrawn } = attestation;
  const withdrawing = useDeed(
    () =>
      client.send("POST", `${BASE}/${kept.id}/withdrawal`, {
        version: kept.version,
        reason: t("compliance.withdrawnReason"),
      }),
    again,
  );
  const party = page.parties[attestation.party]?.[language] ?? attestation.party;
  return (
    <article className="read-draft" aria-label={party}>
      <h3>{party}</h3>
      <p>{attestation.words[language]}</p>
      <p className="muted">
        {t("compliance.askedBy", { name: attestation.requested_by, due: attestation.due })}
      </p>
      {withdrawn !== "" && <p>{t("compliance.withdrawn", { reason: withdrawn ?? "" })}</p>}
      {signature != null && (
        <p>
          {t("compliance.signed", {
            name: signature.name,
            statement: t(`compliance.statement.${signature.statement}`),
            when: formatDeadline(language, signature.as_of, page.zone),
          })}
        </p>
      )}
      {signature != null && (
        <p>
          <strong>
            {contradicted == null
              ? t("compliance.notContradicted")
              : t("compliance.contradicted", {
                  when: formatInstant(language, contradicted, page.zone),
                })}
          </strong>
        </p>
      )}
      <TroubleAlert trouble={withdrawing.trouble} />
      {withdrawn === "" && (
        <div className="buttons">
          {signature == null && (
            <Button type="button" onClick={onSign}>
              {t("compliance.sign")}
            </Button>
          )}
          <Button type="button" outline onClick={() => withdrawing.go()}>
            {t("compliance.withdraw")}
          </Button>
        </div>
      )}
    </article>
  );
}

function Asking({ page, order, again }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const form = useKept(`attestation.${order}`, {
    party: "",
    en: t("compliance.wordsDefault"),
    fr: t("compliance.wordsDefaultFr"),
    due: "",
  });
  const { party, en, fr, due } = form.value;
  const asking = useDeed(
    () => client.send("POST", BASE, { order, party, words: { en, fr }, due }),
    () => {
      form.clear();
      again();
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    asking.go();
  };
  return (
    <details>
      <summary>{t("compliance.ask")}</summary>
      <form className="desk-form" onSubmit={submit}>
        <Restored form={form} />
        <SelectField
          label={t("compliance.party")}
          value={party}
          none={t("drafts.choose")}
          onChange={(chosen) => form.change({ party: chosen })}
          options={Object.entries(page.parties).map(([value, name]) => ({
            value,
            text: name[language],
          }))}
          required
        />
        <LongField
          label={t("compliance.wordsEn")}
          value={en}
          onChange={(words) => form.change({ en: words })}
          rows={2}
        />
        <LongField
          label={t("compliance.wordsFr")}
          value={fr}
          onChange={(words) => form.change({ fr: words })}
          rows={2}
        />
        <TextField
          label={t("compliance.due")}
          type="date"
          value={due}
          onChange={(day) => form.change({ due: day })}
          required
        />
        <TroubleAlert trouble={asking.trouble} />
        <div className="buttons">
          <Button type="submit" disabled={party === "" || due === "" || asking.pending}>
            {t("compliance.askYes")}
          </Button>
        </div>
      </form>
    </details>
  );
}

interface SigningProperties {
  kept: KeptAttestation;
  onClose: () => void;
  onSigned: () => void;
}

function Signing({ kept, onClose, onSigned }: SigningProperties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const [statement, setStatement] = useState<string>("ended");
  const [asOf, setAsOf] = useState("");
  const signing = useDeed(
    () =>
      client.send("POST", `${BASE}/${kept.id}/signature`, {
        version: kept.version,
        name,
        title,
        statement,
        as_of: asOf,
      }),
    onSigned,
  );
  return (
    <Sheet heading={t("compliance.signHeading")} onClose={onClose} busy={signing.pending}>
      <div className="desk-form">
        <TextField label={t("compliance.signer")} value={name} onChange={setName} required />
        <TextField label={t("compliance.signerTitle")} value={title} onChange={setTitle} />
        <SelectField
          label={t("compliance.states")}
          value={statement}
          onChange={setStatement}
          options={STATEMENTS.map((one) => ({ value: one, text: t(`compliance.statement.${one}`) }))}
        />
        <TextField
          label={t("compliance.asOf")}
          type="date"
          value={asOf}
          onChange={setAsOf}
          required
        />
        <TroubleAlert trouble={signing.trouble} />
        <div className="buttons">
          <Button
            type="button"
            disabled={name === "" || asOf === "" || signing.pending}
            onClick={() => signing.go()}
          >
            {t("compliance.signYes")}
          </Button>
          <Button type="button" outline onClick={onClose}>
            {t("act.cancel")}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
