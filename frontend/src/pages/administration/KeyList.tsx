import { Button, Tag } from "@trussworks/react-uswds";
import { useState } from "react";

import type { KeyLine, KeysPage } from "../../api/schema";
import { enumerate, formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Choice } from "../../parts/Choice";
import { DataTable } from "../../parts/DataTable";
import { Section } from "../../parts/Section";
import type { KeyStep } from "./KeysPage";

const ANY = "";
const STATES: readonly KeyLine["state"][] = [
  "valid",
  "expires-soon",
  "replaced",
  "expired",
  "revoked",
];
const TAGS: Record<KeyLine["state"], string> = {
  valid: "tag-operative",
  "expires-soon": "tag-pending",
  replaced: "tag-pending",
  expired: "",
  revoked: "tag-stayed",
};

interface Properties {
  page: KeysPage;
  onStep: (step: KeyStep) => void;
}

/** The keys, narrowed by service and state. */
export function KeyList({ page, onStep }: Properties) {
  const { language, t } = useLanguage();
  const [service, setService] = useState(ANY);
  const [state, setState] = useState(ANY);
  const { keys, zone } = page;
  const names = new Map(page.services.map((one) => [one.id, one.name[language]]));
  const having = [...new Set(keys.map((key) => key.service))].sort();
  const shown = keys.filter(
    (key) => (service === ANY || key.service === service) && (state === ANY || key.state === state),
  );
  if (keys.length === 0) {
    return (
      <Section heading={t("keys.list")}>
        <p className="nothing">{t("keys.none")}</p>
      </Section>
    );
  }
  return (
    <Section heading={t("keys.list")}>
      <div role="group" aria-label={t("admin.filters")} className="filters">
        <Choice
          label={t("keys.service")}
          value={service}
          onChoose={setService}
          options={[
            { value: ANY, text: t("keys.anyService") },
            ...having.map((id) => ({ value: id, text: names.get(id) ?? id })),
          ]}
        />
        <Choice
          label={t("keys.state")}
          value={state}
          onChoose={setState}
          options={[
            { value: ANY, text: t("keys.anyState") },
            ...STATES.map((one) => ({ value: one, text: t(`keys.state.${one}`) })),
          ]}
        />
      </div>
      <p role="status" className="usa-sr-only">
        {t("keys.caption", { count: shown.length })}
      </p>
      {shown.length === 0 ? (
        <p className="nothing">{t("keys.noMatch")}</p>
      ) : (
        <DataTable
          caption={t("keys.caption", { count: shown.length })}
          columns={[
            t("keys.key"),
            t("keys.service"),
            t("keys.scopes"),
            t("keys.state"),
            t("keys.expires"),
            t("keys.created"),
            t("keys.acts"),
          ]}
          rows={shown.map((key) => ({
            id: key.prefix,
            cells: [
              <>
                {key.label}{" "}
                <code translate="no" className="key-code">
                  co_{key.prefix}_…
                </code>
              </>,
              <>
                {names.get(key.service) ?? key.service}
                <small translate="no">{key.slot}</small>
              </>,
              enumerate(
                language,
                key.scopes.map((scope) => t(`keys.scope.${scope}`)),
              ),
              <State line={key} zone={zone} />,
              key.expires === null ? t("keys.never") : formatInstant(language, key.expires, zone),
              <>
                {formatInstant(language, key.created, zone)}
                <small translate="no">{key.created_by}</small>
              </>,
              <Steps line={key} onStep={onStep} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function State({ line, zone }: { line: KeyLine; zone: string }) {
  const { language, t } = useLanguage();
  const { state, replaced_by: by, replaces, revoked } = line;
  return (
    <>
      <Tag className={TAGS[state]}>{t(`keys.state.${state}`)}</Tag>
      {revoked !== null && (
        <small>{t("keys.revokedAt", { when: formatInstant(language, revoked, zone) })}</small>
      )}
      {by !== null && <small>{t("keys.replacedBy", { prefix: by })}</small>}
      {replaces !== null && <small>{t("keys.replaces", { prefix: replaces })}</small>}
    </>
  );
}

/** A key that opens nothing can neither be rotated nor revoked; one that was replaced ends itself. */
function Steps({ line, onStep }: { line: KeyLine; onStep: (step: KeyStep) => void }) {
  const { t } = useLanguage();
  const { prefix, state } = line;
  if (state === "revoked" || state === "expired") {
    return "–";
  }
  return (
    <span className="buttons">
      {state !== "replaced" && (
        <Button
          type="button"
          outline
          className="small"
          aria-label={t("keys.rotateOne", { prefix })}
          onClick={() => onStep({ act: "rotate", prefix })}
        >
          {t("keys.rotate")}
        </Button>
      )}
      <Button
        type="button"
        outline
        className="small"
        aria-label={t("keys.revokeOne", { prefix })}
        onClick={() => onStep({ act: "revoke", prefix })}
      >
        {t("keys.revoke")}
      </Button>
    </span>
  );
}
