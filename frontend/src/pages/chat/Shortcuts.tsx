import { Button } from "@trussworks/react-uswds";
import { useEffect, useRef } from "react";

import { commandOf, SHORTCUTS, type Command, type Shortcut } from "../../chat/shortcuts";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";

/** Has the keyboard's commands carried out, while no dialogue is open. */
export function useShortcuts(carryOut: Record<Command, () => void>): void {
  const newest = useRef(carryOut);
  useEffect(() => {
    newest.current = carryOut;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const command = document.querySelector("dialog[open]") === null ? commandOf(event) : null;
      if (command !== null) {
        event.preventDefault();
        newest.current[command]();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** Moves the focus to the answer before or after the one that has it; first to the last one. */
export function focusAnswer(step: -1 | 1): void {
  const answers = [...document.querySelectorAll<HTMLElement>(".log article.answer")];
  const here = answers.findIndex((answer) => answer.contains(document.activeElement));
  const place = here === -1 ? answers.length - 1 : here + step;
  answers[place]?.focus();
}

/** Which keys do what. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  return (
    <Sheet heading={t("shortcuts.heading")} onClose={onClose}>
      <table className="shortcuts">
        <thead className="usa-sr-only">
          <tr>
            <th scope="col">{t("shortcuts.does")}</th>
            <th scope="col">{t("shortcuts.keys")}</th>
          </tr>
        </thead>
        <tbody>
          <Row does={t("composer.send")} keys={[t("keys.enter")]} />
          <Row does={t("shortcuts.line")} keys={[t("keys.shift"), t("keys.enter")]} />
          <Row does={t("shortcuts.stop")} keys={[t("keys.escape")]} />
          {SHORTCUTS.map((shortcut) => (
            <Row
              key={shortcut.command}
              does={t(`shortcuts.${shortcut.command}`)}
              keys={keysOf(shortcut, t)}
            />
          ))}
        </tbody>
      </table>
      <div className="actions">
        <Button type="button" onClick={onClose}>
          {t("shortcuts.close")}
        </Button>
      </div>
    </Sheet>
  );
}

function Row({ does, keys }: { does: string; keys: readonly string[] }) {
  return (
    <tr>
      <th scope="row">{does}</th>
      <td>
        {keys.map((key, index) => (
          <span key={key}>
            {index > 0 && " + "}
            <kbd>{key}</kbd>
          </span>
        ))}
      </td>
    </tr>
  );
}

function keysOf({ key, modifiers }: Shortcut, t: ReturnType<typeof useLanguage>["t"]): string[] {
  const held = modifiers === "ctrl" ? [t("keys.ctrl")] : [t("keys.alt"), t("keys.shift")];
  const arrows: Record<string, string> = { arrowup: "↑", arrowdown: "↓" };
  return [...held, arrows[key] ?? key.toUpperCase()];
}
