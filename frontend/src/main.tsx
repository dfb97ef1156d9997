import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App";
import { LanguageProvider } from "./i18n/LanguageProvider";
import { SessionProvider } from "./session/SessionProvider";
import "./styles/main.scss";

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
