import { GridContainer } from "@trussworks/react-uswds";
import type { ReactElement } from "react";

import { useLanguage } from "../../i18n/context";
import { PageHeading } from "../../parts/PageHeading";
import type { Administered } from "../../route";
import { hasRole, personOf, useSession, type Role } from "../../session/context";
import { AccountsPage } from "./AccountsPage";
import { BindingsPage } from "./BindingsPage";
import { KeysPage } from "./KeysPage";
import { OperationsPage } from "./OperationsPage";
import { ReplicasPage } from "./ReplicasPage";
import { RoutesPage } from "./RoutesPage";

const PAGES: Record<Administered, () => ReactElement> = {
  routes: RoutesPage,
  bindings: BindingsPage,
  replicas: ReplicasPage,
  operations: OperationsPage,
  keys: KeysPage,
  accounts: AccountsPage,
};
const READERS: readonly Role[] = ["officer", "administrator"];
const ADMINISTRATORS: readonly Role[] = ["administrator"];

const HEADINGS = {
  routes: "routePage.heading",
  bindings: "bindings.heading",
  replicas: "replicas.heading",
  operations: "operations.heading",
  keys: "keys.heading",
  accounts: "accounts.heading",
} as const;

/** The pages for what is looked after beside orders, each for those who may read it. */
export function AdministrationPages({ page }: { page: Administered }) {
  const { t } = useLanguage();
  const { standing } = useSession();
  const administers = page === "keys" || page === "accounts";
  const roles = administers ? ADMINISTRATORS : READERS;
  if (roles.some((role) => hasRole(standing, role))) {
    const Page = PAGES[page];
    return <Page />;
  }
  const whose = t(administers ? "admin.administrators" : "admin.readers");
  return (
    <GridContainer className="page">
      <PageHeading text={t(HEADINGS[page])} />
      <p>
        {personOf(standing) === null
          ? t("admin.signIn")
          : t("admin.notYours", { roles: whose })}
      </p>
    </GridContainer>
  );
}
