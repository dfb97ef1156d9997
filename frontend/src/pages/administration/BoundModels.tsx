import { Tag } from "@trussworks/react-uswds";

import type { BindingLine, BoundModel, SlotLine } from "../../api/schema";
import { formatDeadline } from "../../format";
import { useLanguage } from "../../i18n/context";
import { OrderName } from "../../parts/OrderName";
import { Decided } from "./Decided";

/** The models of a binding in the order in which they are tried, each with its decision. */
export function BoundModels({ models, zone }: { models: readonly BoundModel[]; zone: string }) {
  const { language, t } = useLanguage();
  if (models.length === 0) {
    return <span className="muted">{t("bindings.unbound")}</span>;
  }
  return (
    <ol className="lines bound-models">
      {models.map(({ name, model, decision }) => (
        <li key={name}>
          {model === null ? (
            <code translate="no">{name}</code>
          ) : (
            <>
              {model.name} <span className="muted">{model.maker_name[language]}</span>{" "}
              {name !== model.id && <code translate="no">{name}</code>}
            </>
          )}
          <div>
            {decision === null ? (
              <span className="muted">{t("bindings.gone")}</span>
            ) : (
              <Decided decision={decision} zone={zone} />
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Since when a slot is bound so and by what, with the bindings to come and those before. */
export function Standing({ slot, zone }: { slot: SlotLine; zone: string }) {
  const { t } = useLanguage();
  const { standing, upcoming, past } = slot;
  return (
    <>
      {standing === null ? "–" : <Begun line={standing} zone={zone} />}
      {upcoming.length > 0 && (
        <>
          <p className="upcoming">{t("bindings.upcoming", { count: upcoming.length })}</p>
          <Lines lines={upcoming} zone={zone} />
        </>
      )}
      {past.length > 0 && (
        <details>
          <summary>{t("bindings.past", { count: past.length })}</summary>
          <Lines lines={past} zone={zone} />
        </details>
      )}
    </>
  );
}

function Begun({ line, zone }: { line: BindingLine; zone: string }) {
  const { language, t } = useLanguage();
  return (
    <>
      {formatDeadline(language, line.since, zone)}{" "}
      {line.provisional && <Tag>{t("bindings.provisional")}</Tag>}{" "}
      <span className="made-by">
        {line.order !== null ? (
          <OrderName order={line.order} />
        ) : line.instrument !== null ? (
          t("bindings.by", { order: line.instrument })
        ) : (
          <span className="muted">{t("bindings.byDirectory")}</span>
        )}
      </span>
    </>
  );
}

function Lines({ lines, zone }: { lines: readonly BindingLine[]; zone: string }) {
  return (
    <ul className="lines">
      {lines.map((line) => (
        <li key={line.since}>
          <code translate="no">{line.models.join(", ")}</code> <Begun line={line} zone={zone} />
        </li>
      ))}
    </ul>
  );
}
