import { Button } from "@trussworks/react-uswds";
import { useId, useState, type FormEvent } from "react";

import { createKey } from "../../api/administration";
import type { KeyIssued, KeysPage, NewKey } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Choice } from "../../parts/Choice";
import { Section } from "../../parts/Section";
import { useSession } from "../../session/context";
import { TroubleAlert } from "./TroubleAlert";
import { useDeed } from "./useDeed";

type Scope = "chat" | "models";

const SCOPES: readonly Scope[] = ["chat", "models"];
const TERMS = ["30d", "90d", "365d", "never"] as const;
type Term = (typeof TERMS)[number];

interface Properties {
  page: KeysPage;
  onIssued: (made: KeyIssued) => void;
}

/** A new key: for which slot of which service, what for, what it may do, and until when. */
export function NewKeyForm({ page: { services }, onIssued }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const id = useId();
  const [chosen, choose] = useState({ service: "", slot: "" });
  const [label, setLabel] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(SCOPES);
  const [term, setTerm] = useState<Term>("90d");
  const [incomplete, setIncomplete] = useState(false);
  const deed = useDeed(
    (key: NewKey) => createKey(client, key),
    (made) => {
      setLabel("");
      onIssued(made);
    },
  );
  const service = services.find((one) => one.id === chosen.service) ?? services[0];
  if (service === undefined) {
    return null;
  }
  const slot = service.slots.includes(chosen.slot) ? chosen.slot : (service.slots[0] ?? "");
  const toggle = (scope: Scope) =>
    setScopes(SCOPES.filter((one) => scopes.includes(one) !== (one === scope)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIncomplete(scopes.length === 0);
    if (scopes.length > 0) {
      const expires = term === "never" ? null : term;
      deed.go({ service: service.id, slot, label, scopes: [...scopes], expires });
    }
  };
  return (
    <Section heading={t("keys.new")}>
      <form className="key-form" onSubmit={submit}>
        <Choice
          label={t("keys.service")}
          value={service.id}
          onChoose={(given) => choose({ service: given, slot: "" })}
          options={services.map((one) => ({ value: one.id, text: one.name[language] }))}
        />
        <Choice
          label={t("keys.slot")}
          value={slot}
          onChoose={(given) => choose({ service: service.id, slot: given })}
          options={service.slots.map((one) => ({ value: one, text: one }))}
        />
        <div className="field-group">
          <label htmlFor={`${id}-label`}>{t("keys.label")}</label>
          <input
            id={`${id}-label`}
            type="text"
            autoComplete="off"
            maxLength={200}
            aria-describedby={`${id}-hint`}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <span id={`${id}-hint`} className="muted">
            {t("keys.labelHint")}
          </span>
        </div>
        <fieldset>
          <legend>{t("keys.scopes")}</legend>
          {SCOPES.map((scope) => (
            <div key={scope} className="tick">
              <input
                id={`${id}-${scope}`}
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={() => toggle(scope)}
              />
              <label htmlFor={`${id}-${scope}`}>{t(`keys.scope.${scope}`)}</label>
            </div>
          ))}
        </fieldset>
        <Choice
          label={t("keys.term")}
          value={term}
          onChoose={(given) => setTerm(TERMS.find((one) => one === given) ?? "90d")}
          options={TERMS.map((one) => ({ value: one, text: t(`keys.term.${one}`) }))}
        />
        <div role="alert">
          {incomplete && <p className="field-error">{t("keys.needScope")}</p>}
        </div>
        <TroubleAlert trouble={deed.trouble} />
        <div className="actions">
          <Button type="submit" aria-disabled={deed.pending}>
            {t(deed.pending ? "keys.creating" : "keys.create")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
