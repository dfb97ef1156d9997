import { useEffect, useMemo, useState, type ReactNode } from "react";

import { LanguageContext } from "./context";
import { initialLanguage, keepLanguage, type Language } from "./language";
import { translate } from "./translate";

/** Gives the page its language, keeps the person's choice and sets the document's `lang`. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setState] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speaking = useMemo(
    () => ({
      language,
      setLanguage: (chosen: Language) => {
        keepLanguage(chosen);
        setState(chosen);
      },
      adoptLanguage: setState,
      t: (...of: [Parameters<typeof translate>[1], Parameters<typeof translate>[2]?]) =>
        translate(language, ...of),
    }),
    [language],
  );
  return <LanguageContext value={speaking}>{children}</LanguageContext>;
}
