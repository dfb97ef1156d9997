import { useId, useLayoutEffect, useRef } from "react";

import type { SessionAnswer } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { DemoAccounts } from "./DemoAccounts";
import { SignInWays } from "./SignInWays";

/** Over a page whose session has ended: what is on the page stays behind it. */
export function SignInAgain({ answer, login }: { answer: SessionAnswer; login: string }) {
  const { t } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    shown?.querySelector<HTMLElement>("a.sign-on, input[type=password]")?.focus();
    return () => shown?.close(); // gives the focus back to where it was
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={heading}
      onCancel={(event) => event.preventDefault()}
      onClose={() => dialog.current?.showModal()} // a browser closes it at a second Escape
    >
      <h2 id={heading}>{t("signIn.again")}</h2>
      <p>{t("signIn.againMeans")}</p>
      <SignInWays answer={answer} login={login} again />
      {answer.demo_accounts.length > 0 && (
        <details>
          <summary>{t("signIn.accounts")}</summary>
          <DemoAccounts accounts={answer.demo_accounts} />
        </details>
      )}
    </dialog>
  );
}
