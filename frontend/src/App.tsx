import { GridContainer, Header, LanguageSelector, Title } from "@trussworks/react-uswds";

import { fetchStatus } from "./api";
import { useLanguage } from "./i18n/context";
import { otherLanguage } from "./i18n/language";
import { StatusPage } from "./pages/Status";
import { usePolled } from "./usePolled";

const POLL_MS = 5_000;
const MAIN = "main";

/** The frame around every page: skip link, header with the language switch, main, footer. */
export function App() {
  const { language, setLanguage, t } = useLanguage();
  const { polled, again } = usePolled(fetchStatus, POLL_MS);
  const other = otherLanguage(language);
  return (
    <>
      <a className="usa-skipnav" href={`#${MAIN}`}>
        {t("app.skip")}
      </a>
      <Header basic role="banner">
        <GridContainer className="app-bar">
          <Title>
            <span translate="no">Changeover</span>
          </Title>
          <LanguageSelector
            displayLang={other}
            langs={[{ label: t("app.other"), attr: other, on_click: () => setLanguage(other) }]}
          />
        </GridContainer>
      </Header>
      <main id={MAIN} tabIndex={-1}>
        <StatusPage polled={polled} again={again} every={POLL_MS / 1000} />
      </main>
      <footer className="app-foot">
        <GridContainer>{t("app.footer")}</GridContainer>
      </footer>
    </>
  );
}
