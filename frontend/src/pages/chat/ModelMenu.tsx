import { Button, Tag } from "@trussworks/react-uswds";
import { useId, useRef } from "react";

import type { Chat, ModelChoice } from "../../api/schema";
import { formatDeadline, formatMonth } from "../../format";
import { useLanguage } from "../../i18n/context";
import { OrderName } from "../../parts/OrderName";

interface Properties {
  chat: Chat;
  /** The model asked for; null is whatever the service is bound to. */
  chosen: string | null;
  onChoose: (model: string | null) => void;
}

/**
 * Which model to ask: a button that names it and opens the choice.
 *
 * Barred models stand among the others and can be chosen: their reason is read out with them, and
 * whoever asks one all the same is refused in words. Nothing is greyed out without a reason.
 */
export function ModelMenu({ chat, chosen, onChoose }: Properties) {
  const { language, t } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const close = () => dialog.current?.close();
  const usual = chat.default_model;
  const named = chat.models.find(({ id }) => id === chosen);
  return (
    <>
      <Button
        type="button"
        unstyled
        className="quiet model-button"
        aria-haspopup="dialog"
        onClick={() => dialog.current?.showModal()}
      >
        {t("model.button", { model: named?.name ?? usual.name })}
      </Button>
      <dialog ref={dialog} className="sheet" aria-labelledby={heading}>
        <h2 id={heading}>{t("model.heading")}</h2>
        <fieldset className="choices">
          <legend className="usa-sr-only">{t("model.heading")}</legend>
          <Choice
            choice={usual}
            zone={chat.zone}
            title={t("model.usual", { service: chat.service_name[language], model: usual.name })}
            checked={named === undefined}
            onChoose={() => onChoose(null)}
          />
          {chat.models.map((choice) => (
            <Choice
              key={choice.id}
              choice={choice}
              zone={chat.zone}
              title={choice.name}
              checked={choice.id === named?.id}
              onChoose={() => onChoose(choice.id)}
            />
          ))}
        </fieldset>
        <div className="actions">
          <Button type="button" onClick={close}>
            {t("model.close")}
          </Button>
        </div>
      </dialog>
    </>
  );
}

interface ChoiceProperties {
  choice: ModelChoice;
  zone: string;
  title: string;
  checked: boolean;
  onChoose: () => void;
}

function Choice({ choice, zone, title, checked, onChoose }: ChoiceProperties) {
  const { language, t } = useLanguage();
  const id = useId();
  return (
    <div className={`choice choice-${choice.outcome}`}>
      <input
        type="radio"
        name="model"
        id={id}
        checked={checked}
        onChange={onChoose}
        aria-describedby={`${id}-about`}
      />
      <div>
        <label htmlFor={id}>
          <strong>{title}</strong> <span>{choice.maker_name[language]}</span>{" "}
          {choice.outcome === "refuse" && <Tag className="tag-stayed">{t("model.barred")}</Tag>}{" "}
          {choice.outcome === "notice" && choice.deadline !== null && (
            <Tag className="tag-winding-down">
              {t("stamp.until", { when: formatDeadline(language, choice.deadline, zone) })}
            </Tag>
          )}{" "}
          {choice.stand_in && <Tag className="tag-stand-in">{t("stamp.standIn")}</Tag>}
        </label>
        <div id={`${id}-about`} className="muted">
          {choice.knowledge_cutoff !== null && (
            <p>{t("model.knows", { month: formatMonth(language, choice.knowledge_cutoff) })}</p>
          )}
          {choice.outcome === "refuse" && <p>{t("model.barredMeans")}</p>}
        </div>
        {choice.order !== null && (
          <p>
            <OrderName order={choice.order} />
          </p>
        )}
        {choice.outcome !== "allow" && (
          <details>
            <summary>{t("model.why")}</summary>
            <p className="muted">{choice.explanation[language]}</p>
          </details>
        )}
      </div>
    </div>
  );
}
