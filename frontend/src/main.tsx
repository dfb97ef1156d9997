import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { LanguageProvider } from "./i18n/LanguageProvider";
import { placeOf } from "./route";
import { SessionProvider } from "./session/SessionProvider";
import "./styles/main.scss";

if (placeOf(location.pathname).page === "chat") {
  // On a slow line it comes while the session is asked for; the page says when it does not come.
  import("./pages/Chat").catch(() => undefined);
}
const root = document.getElementById("root");
if (root === null) {
  throw new Error("The page has no element #root to draw in.");
}
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <SessionProvider>
        <App />
      </SessionProvider>
    </LanguageProvider>
  </StrictMode>,
);
