import { hasRole, useSession } from "../../session/context";
import { GlossariesPage } from "./GlossariesPage";
import { TranslationPage } from "./TranslationPage";
import { TranslationsPage } from "./TranslationsPage";

const GLOSSARIES = "glossaries";

/** The pages of translation: one's translations, one of them, or the glossaries. */
export function TranslationPages({ rest }: { rest: readonly string[] }) {
  const { standing } = useSession();
  const [id] = rest;
  if (id === GLOSSARIES || !hasRole(standing, "staff")) {
    return <GlossariesPage />;
  }
  return id === undefined ? <TranslationsPage /> : <TranslationPage key={id} id={id} />;
}
