import { useState } from "react";

import { fetchAccounts } from "../../api/administration";
import type {
  AccountDisabled,
  AccountRemoved,
  AccountsPage as Told,
  ListedAccount,
} from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { AccountList } from "./AccountList";
import { DisableSheet, RemoveSheet } from "./AccountSheets";
import { Frame } from "./Frame";
import { Outcome } from "./Outcome";
import { usePage } from "./usePage";

const POLL_MS = 10_000;

/** What is decided on: an account that is to be disabled or removed. */
export interface AccountStep {
  act: "disable" | "remove";
  account: ListedAccount;
}

/** What came of it, whom it was about, and the page as it was then. */
type Came = { page: Told; name: string } & (
  | { disabled: AccountDisabled }
  | { removed: AccountRemoved }
);

/** People's accounts: where each comes from, and what can be done with it here. */
export function AccountsPage() {
  const { t } = useLanguage();
  const asked = usePage(fetchAccounts, POLL_MS);
  const [step, setStep] = useState<AccountStep | null>(null);
  const [came, setCame] = useState<Came | null>(null);
  const done = (given: Came) => {
    setStep(null);
    setCame(given);
    asked.again();
  };
  const close = () => setStep(null);
  return (
    <Frame
      heading="accounts.heading"
      loading="accounts.loading"
      asked={asked}
      outcome={came !== null && <WhatCame came={came} />}
    >
      {(page) => (
        <>
          <p>{t("accounts.intro")}</p>
          <AccountList page={page} onStep={setStep} />
          {step?.act === "disable" && (
            <DisableSheet
              account={step.account}
              onClose={close}
              onDone={(disabled) => done({ page, name: step.account.line.name, disabled })}
            />
          )}
          {step?.act === "remove" && (
            <RemoveSheet
              account={step.account}
              onClose={close}
              onDone={(removed) => done({ page, name: step.account.line.name, removed })}
            />
          )}
        </>
      )}
    </Frame>
  );
}

function WhatCame({ came }: { came: Came }) {
  const { t } = useLanguage();
  const { name, page } = came;
  if ("disabled" in came) {
    const { line, enforcement } = came.disabled;
    return (
      <Outcome
        key={`${line.id} disabled`}
        heading={t("accounts.disabledDone", { name })}
        enforcement={enforcement}
        clock={page}
      />
    );
  }
  const { account, ended_keys: ended, other_keys: others } = came.removed;
  return (
    <Outcome
      key={`${account.id} removed`}
      heading={t("accounts.removedDone", { name })}
      clock={page}
    >
      <p>{t("accounts.removedKept", { id: account.id })}</p>
      {ended.length > 0 && <p>{t("accounts.keysEnded", { count: ended.length })}</p>}
      {others.length > 0 && <p>{t("accounts.keysGoOn", { count: others.length })}</p>}
    </Outcome>
  );
}
