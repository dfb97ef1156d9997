import { GridContainer, Header, LanguageSelector, Title } from "@trussworks/react-uswds";
import { lazy, Suspense } from "react";

import { useLanguage } from "./i18n/context";
import { otherLanguage } from "./i18n/language";
import { NowherePage } from "./pages/Nowhere";
import { SignInPage } from "./pages/SignIn";
import { SignOnPage } from "./pages/SignOn";
import { SignInAgain } from "./pages/signin/SignInAgain";
import { Account } from "./parts/Account";
import { Navigation } from "./parts/Navigation";
import { homeOf, placeOf, usePath, type Administered, type Place } from "./route";
import { hasRole, personOf, useSession, type Standing } from "./session/context";

const MAIN = "main";
const ChatPage = lazy(async () => ({ default: (await import("./pages/Chat")).ChatPage }));
const SharedPage = lazy(async () => ({ default: (await import("./pages/Shared")).SharedPage }));
const PrintPage = lazy(async () => ({ default: (await import("./pages/Print")).PrintPage }));
const CollectionPages = lazy(async () => ({
  default: (await import("./pages/collections/CollectionPages")).CollectionPages,
}));
const TranslationPages = lazy(async () => {
  const [{ TranslationPages: pages }] = await Promise.all([
    import("./pages/translation/TranslationPages"),
    import("./i18n/translators"),
  ]);
  return { default: pages };
});
const RecordPages = lazy(async () => {
  const [{ RecordPages: pages }] = await Promise.all([import("./pages/Record"), officersTexts()]);
  return { default: pages };
});
const DeskPages = lazy(async () => {
  const [{ DeskPages: pages }] = await Promise.all([
    import("./pages/desk/DeskPages"),
    officersTexts(),
  ]);
  return { default: pages };
});
const AdministrationPages = lazy(async () => {
  const [{ AdministrationPages: pages }] = await Promise.all([
    import("./pages/administration/AdministrationPages"),
    officersTexts(),
  ]);
  return { default: pages };
});

function officersTexts() {
  return import("./i18n/officers");
}

/** The frame around every page: skip link, header with account and language, main, footer. */
export function App() {
  const { language, setLanguage, t } = useLanguage();
  const { standing } = useSession();
  const asked = placeOf(usePath());
  const place = homeOf(asked, personOf(standing)?.roles ?? null);
  const other = otherLanguage(language);
  const chatting = place.page === "chat" && hasRole(standing, "staff");
  return (
    <div className={chatting ? "app app-full" : "app"}>
      <a className="usa-skipnav" href={`#${MAIN}`}>
        {t("app.skip")}
      </a>
      <Header basic role="banner">
        <GridContainer className="app-bar">
          <Title>
            <span translate="no">Changeover</span>
          </Title>
          <Navigation place={place} />
          <div className="bar-end">
            <Account />
            <LanguageSelector
              displayLang={other}
              langs={[{ label: t("app.other"), attr: other, on_click: () => setLanguage(other) }]}
            />
          </div>
        </GridContainer>
      </Header>
      <main id={MAIN} tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Page place={place} standing={standing} />
        </Suspense>
      </main>
      {!chatting && (
        <footer className="app-foot">
          <GridContainer>{t("app.footer")}</GridContainer>
        </footer>
      )}
      {standing.phase === "in" && standing.expired && (
        <SignInAgain answer={standing.answer} login={standing.person.login} />
      )}
    </div>
  );
}

/** The page of a place; where it is for people who are signed in, signing in first. */
function Page({ place, standing }: { place: Place; standing: Standing }) {
  switch (place.page) {
    case "chat":
    case "print":
    case "shared":
    case "collections":
    case "translations":
    case "desk":
    case "routes":
    case "bindings":
    case "replicas":
    case "operations":
    case "keys":
    case "accounts":
      return <Personal place={place} standing={standing} />;
    case "sign-on":
      return <SignOnPage step={place.step} standing={standing} />;
    case "nowhere":
      return <NowherePage />;
    default:
      return <RecordPages place={place} />;
  }
}

interface PersonalProperties {
  place: Extract<Place, { page: "chat" | "print" | "shared" | "collections" | "translations" | "desk" | Administered }>;
  standing: Standing;
}

function Personal({ place, standing }: PersonalProperties) {
  const { t } = useLanguage();
  switch (standing.phase) {
    case "loading":
      return <Loading />;
    case "lost":
      return (
        <GridContainer className="page">
          <p role="status">{t("chat.lost")}</p>
        </GridContainer>
      );
    case "out":
      return <SignInPage answer={standing.answer} left={standing.left} />;
    case "in":
      return <Admitted place={place} standing={standing} />;
  }
}

interface AdmittedProperties extends PersonalProperties {
  standing: Extract<Standing, { phase: "in" }>;
}

function Admitted({ place, standing }: AdmittedProperties) {
  const { person } = standing;
  switch (place.page) {
    case "chat":
      return (
        <ChatPage
          key={person.id}
          person={person}
          conversation={place.conversation}
          demonstration={standing.answer.demonstration}
          expired={standing.expired}
        />
      );
    case "print":
      return (
        <PrintPage
          key={place.conversation}
          conversation={place.conversation}
          through={new URLSearchParams(location.search).get("through")}
        />
      );
    case "shared":
      return <SharedPage key={place.share} share={place.share} />;
    case "collections":
      return <CollectionPages key={person.id} collection={place.collection} />;
    case "translations":
      return <TranslationPages key={person.id} rest={place.rest} />;
    case "desk":
      return <DeskPages key={person.id} rest={place.rest} />;
    default:
      return <AdministrationPages key={`${person.id} ${place.page}`} page={place.page} />;
  }
}

function Loading() {
  const { t } = useLanguage();
  return (
    <GridContainer className="page">
      <p className="loading">{t("app.loading")}</p>
    </GridContainer>
  );
}
