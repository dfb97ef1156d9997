import { Alert, AlertText } from "@trussworks/react-uswds";
import { useState } from "react";

import type { DemoAccount } from "../../api/schema";
import { enumerate } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Section } from "../../parts/Section";
import { useSession } from "../../session/context";
import { refusalWords } from "./words";

/** A demonstration's accounts: each signs in at once. */
export function DemoAccounts({ accounts }: { accounts: readonly DemoAccount[] }) {
  const { language, t } = useLanguage();
  const { signIn } = useSession();
  const [error, setError] = useState<unknown>(null);
  const choose = ({ login, password }: DemoAccount) => {
    setError(null);
    signIn(login, password).catch(setError);
  };
  return (
    <Section heading={t("signIn.accounts")}>
      <p>{t("signIn.accountsIntro")}</p>
      <div role="alert">
        {error !== null && (
          <Alert type="error" slim>
            <AlertText>{refusalWords(t, error)}</AlertText>
          </Alert>
        )}
      </div>
      <ul className="accounts">
        {accounts.map((account) => (
          <li key={account.login}>
            <button type="button" className="account" onClick={() => choose(account)}>
              <strong>{account.name}</strong>
              <span>
                {account.party_name[language]} ·{" "}
                {enumerate(
                  language,
                  account.roles.map((role) => t(`role.${role}`)),
                )}
              </span>
              <code translate="no">{account.login}</code>
            </button>
          </li>
        ))}
      </ul>
      {accounts[0] !== undefined && (
        <p className="muted">
          {t("signIn.allPassword")} <code translate="no">{accounts[0].password}</code>
        </p>
      )}
    </Section>
  );
}
