import { createContext, useContext } from "react";

import type { Language } from "./language";
import type { Saying } from "./said";
import { translate, type Translate } from "./translate";

export interface Speaking {
  language: Language;
  setLanguage: (language: Language) => void;
  /** Speaks a language without keeping it as the person's choice in this browser. */
  adoptLanguage: (language: Language) => void;
  t: Translate;
  /** The server's words in the page's language; null where they are known in English only. */
  said: Saying;
}

export const LanguageContext = createContext<Speaking>({
  language: "en",
  setLanguage: () => undefined,
  adoptLanguage: () => undefined,
  t: (key, values) => translate("en", key, values),
  said: (text) => text,
});

export function useLanguage(): Speaking {
  return useContext(LanguageContext);
}
