import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";

import { LanguageContext } from "../src/i18n/context";
import type { Language } from "../src/i18n/language";
import "../src/i18n/officers";
import "../src/i18n/translators";
import { translate } from "../src/i18n/translate";

/** The markup of `children` in a language. */
export function markup(children: ReactNode, language: Language): string {
  return renderToStaticMarkup(
    <LanguageContext
      value={{
        language,
        setLanguage: () => undefined,
        adoptLanguage: () => undefined,
        t: (key, values) => translate(language, key, values),
        said: (text) => (language === "en" ? text : null),
      }}
    >
      {children}
    </LanguageContext>,
  );
}

/** The words of `children`, their markup removed. */
export function words(children: ReactNode, language: Language): string {
  return markup(children, language)
    .replace(/<[^>]+>/g, " ")
    .replace(/[ \n]+/g, " ");
}
