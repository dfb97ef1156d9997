import { Button, Tag } from "@trussworks/react-uswds";
import { useState } from "react";

import type { AccountLine, AccountsPage, ListedAccount } from "../../api/schema";
import { enumerate, formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Choice } from "../../parts/Choice";
import { DataTable } from "../../parts/DataTable";
import { Section } from "../../parts/Section";
import { personOf, useSession } from "../../session/context";
import type { AccountStep } from "./AccountsPage";

const ANY = "";
type Source = AccountLine["source"];
type State = "open" | "no-role" | "disabled" | "removed";
const SOURCES: readonly Source[] = ["local", "sign-on", "provisioned"];
const STATES: readonly State[] = ["open", "no-role", "disabled", "removed"];
const TAGS: Record<State, string> = {
  open: "tag-operative",
  "no-role": "tag-pending",
  disabled: "tag-stayed",
  removed: "",
};

interface Properties {
  page: AccountsPage;
  onStep: (step: AccountStep) => void;
}

/** The accounts, narrowed by where they come from and their state. */
export function AccountList({ page, onStep }: Properties) {
  const { language, t } = useLanguage();
  const [source, setSource] = useState(ANY);
  const [state, setState] = useState(ANY);
  const shown = page.accounts.filter(
    ({ line }) =>
      (source === ANY || line.source === source) && (state === ANY || stateOf(line) === state),
  );
  return (
    <Section heading={t("accounts.list")}>
      <div role="group" aria-label={t("admin.filters")} className="filters">
        <Choice
          label={t("accounts.source")}
          value={source}
          onChoose={setSource}
          options={[
            { value: ANY, text: t("accounts.anySource") },
            ...SOURCES.map((one) => ({ value: one, text: t(`accounts.source.${one}`) })),
          ]}
        />
        <Choice
          label={t("keys.state")}
          value={state}
          onChoose={setState}
          options={[
            { value: ANY, text: t("keys.anyState") },
            ...STATES.map((one) => ({ value: one, text: t(`accounts.state.${one}`) })),
          ]}
        />
      </div>
      <p role="status" className="usa-sr-only">
        {t("accounts.caption", { count: shown.length })}
      </p>
      {shown.length === 0 ? (
        <p className="nothing">{t("accounts.noMatch")}</p>
      ) : (
        <DataTable
          caption={t("accounts.caption", { count: shown.length })}
          columns={[
            t("accounts.person"),
            t("accounts.party"),
            t("accounts.roles"),
            t("accounts.source"),
            t("keys.state"),
            t("keys.acts"),
          ]}
          rows={shown.map((account) => ({
            id: account.line.id,
            cells: [
              <Who line={account.line} />,
              account.party_name[language] || "–",
              enumerate(
                language,
                account.line.roles.map((role) => t(`role.${role}`)),
              ) || "–",
              account.line.removed === null ? t(`accounts.source.${account.line.source}`) : "–",
              <Standing line={account.line} zone={page.zone} />,
              <Steps account={account} onStep={onStep} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function stateOf(line: AccountLine): State {
  if (line.removed !== null) {
    return "removed";
  }
  if (line.disabled !== null) {
    return "disabled";
  }
  return line.roles.length === 0 ? "no-role" : "open";
}

function Who({ line }: { line: AccountLine }) {
  const { t } = useLanguage();
  return (
    <>
      {line.removed === null ? line.name : t("accounts.removedName")}
      <small>
        <code translate="no">{line.login}</code>
      </small>
    </>
  );
}

function Standing({ line, zone }: { line: AccountLine; zone: string }) {
  const { language, t } = useLanguage();
  const state = stateOf(line);
  const at = line.removed ?? line.disabled;
  return (
    <>
      <Tag className={TAGS[state]}>{t(`accounts.state.${state}`)}</Tag>
      {at !== null && (
        <small>{t("keys.revokedAt", { when: formatInstant(language, at, zone) })}</small>
      )}
    </>
  );
}

/** What provisioning rules is changed there; one's own account is another administrator's matter. */
function Steps({ account, onStep }: { account: ListedAccount } & Pick<Properties, "onStep">) {
  const { t } = useLanguage();
  const { standing } = useSession();
  const { line } = account;
  if (line.removed !== null) {
    return "–";
  }
  if (line.source === "provisioned") {
    return <small>{t("accounts.ruledThere")}</small>;
  }
  if (line.id === personOf(standing)?.id) {
    return <small>{t("accounts.yours")}</small>;
  }
  return (
    <span className="buttons">
      {line.disabled === null && (
        <Button
          type="button"
          outline
          className="small"
          aria-label={t("accounts.disableOne", { name: line.name })}
          onClick={() => onStep({ act: "disable", account })}
        >
          {t("accounts.disable")}
        </Button>
      )}
      <Button
        type="button"
        outline
        className="small"
        aria-label={t("accounts.removeOne", { name: line.name })}
        onClick={() => onStep({ act: "remove", account })}
      >
        {t("accounts.remove")}
      </Button>
    </span>
  );
}
