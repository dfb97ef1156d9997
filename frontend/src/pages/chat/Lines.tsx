import type { ConversationLine } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { conversationPath } from "../../route";

interface Properties {
  lines: readonly ConversationLine[];
  current: string | null;
}

/** Some of a person's conversations. */
export function Lines({ lines, current }: Properties) {
  const { t } = useLanguage();
  return lines.length === 0 ? null : (
    <ul>
      {lines.map((line) => (
        <li key={line.id}>
          <Link
            href={conversationPath(line.id)}
            aria-current={line.id === current ? "page" : undefined}
            dir="auto"
          >
            {line.title === "" ? t("conversations.untitled") : line.title}
          </Link>
        </li>
      ))}
    </ul>
  );
}
