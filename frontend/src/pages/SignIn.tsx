import { GridContainer } from "@trussworks/react-uswds";
import { useEffect } from "react";

import type { SessionAnswer } from "../api/schema";
import { focusHeading } from "../focus";
import { useLanguage } from "../i18n/context";
import { PageHeading } from "../parts/PageHeading";
import { DemoAccounts } from "./signin/DemoAccounts";
import { SignInWays } from "./signin/SignInWays";

interface Properties {
  answer: SessionAnswer;
  /** Whether they signed out themselves, and whether something unsent went with that. */
  left: boolean;
}

/** Signing in: the identity provider, login and password, and a demonstration's accounts. */
export function SignInPage({ answer, left }: Properties) {
  const { t } = useLanguage();
  // The button that was pressed is gone with the page it stood on.
  useEffect(() => {
    if (left) {
      focusHeading();
    }
  }, [left]);
  return (
    <GridContainer className="page sign-in">
      <PageHeading text={t("signIn.heading")} />
      <p role="status">{left ? t("signIn.left") : t("signIn.intro")}</p>
      <div className="halves">
        <SignInWays answer={answer} login="" />
        {answer.demo_accounts.length > 0 && <DemoAccounts accounts={answer.demo_accounts} />}
      </div>
    </GridContainer>
  );
}
