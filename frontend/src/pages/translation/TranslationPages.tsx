import { TranslationPage } from "./TranslationPage";
import { TranslationsPage } from "./TranslationsPage";

/** The pages of translation: one's translations, or one of them. */
export function TranslationPages({ rest }: { rest: readonly string[] }) {
  const [id] = rest;
  return id === undefined ? <TranslationsPage /> : <TranslationPage key={id} id={id} />;
}
