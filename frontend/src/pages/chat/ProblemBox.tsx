import { Button } from "@trussworks/react-uswds";

import type { Problem } from "../../api/chat";
import { useLanguage } from "../../i18n/context";
import { OrderName } from "../../parts/OrderName";

export interface ProblemActions {
  /** Has the kept text gone on from. */
  onContinue: () => void;
  /** Asks the same question of another model. */
  onInstead: (model: string) => void;
}

interface Properties {
  problem: Problem;
  /** Whether any text of the answer is there. */
  kept: boolean;
  /** What can be done; null where the conversation has moved on, or an answer is being written. */
  actions: ProblemActions | null;
}

/** Why an answer is not whole, the order behind it, and what can be done now. */
export function ProblemBox({ problem, kept, actions }: Properties) {
  const { language, t } = useLanguage();
  return (
    <div className={`problem problem-${problem.kind}`}>
      <p>
        <strong>{t(`broken.${problem.kind}`)}</strong> {problem.words[language]}
      </p>
      {problem.order !== null && (
        <p>
          {t("broken.order")} <OrderName order={problem.order} />
        </p>
      )}
      {actions !== null && (
        <div className="actions">
          {problem.may_continue && (
            <Button type="button" onClick={actions.onContinue}>
              {kept ? t("broken.continue") : t("broken.askAgain")}
            </Button>
          )}
          {!problem.may_continue &&
            problem.instead.map((choice) => (
              <Button
                key={choice.id}
                type="button"
                outline
                onClick={() => actions.onInstead(choice.id)}
              >
                {t("broken.instead", {
                  model: choice.name,
                  maker: choice.maker_name[language],
                })}
              </Button>
            ))}
        </div>
      )}
    </div>
  );
}
