import { GridContainer } from "@trussworks/react-uswds";

import type { SessionAnswer } from "../api/schema";
import { useLanguage } from "../i18n/context";
import { PageHeading } from "../parts/PageHeading";
import { DemoAccounts } from "./signin/DemoAccounts";
import { SignInForm } from "./signin/SignInForm";

interface Properties {
  answer: SessionAnswer;
  /** Whether they signed out themselves, and whether something unsent went with that. */
  left: boolean;
}

/** Signing in: login and password, and a demonstration's accounts. */
export function SignInPage({ answer, left }: Properties) {
  const { t } = useLanguage();
  return (
    <GridContainer className="page sign-in">
      <PageHeading text={t("signIn.heading")} />
      <p role="status">{left ? t("signIn.left") : t("signIn.intro")}</p>
      <div className="halves">
        <SignInForm login="" />
        {answer.demo_accounts.length > 0 && <DemoAccounts accounts={answer.demo_accounts} />}
      </div>
    </GridContainer>
  );
}
