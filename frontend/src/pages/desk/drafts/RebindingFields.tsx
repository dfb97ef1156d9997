import { Button } from "@trussworks/react-uswds";

import { useLanguage } from "../../../i18n/context";
import { textAt } from "./form";
import { named, plain } from "./options";
import { PickAt, SelectAt, TickAt } from "./parts";
import { useEntries, useWriting } from "./writing";

/** The services that the instrument moves to other models. */
export function RebindingFields() {
  const { language, t } = useLanguage();
  const { form, choices } = useWriting();
  const { count, add, remove } = useEntries(["rebindings"]);
  const models = [...named(language, choices.models), ...plain(choices.routes.map(({ id }) => id))];
  return (
    <>
      {Array.from({ length: count }, (_, index) => {
        const service = textAt(form, ["rebindings", index, "service"]);
        const slots = choices.services.find(({ id }) => id === service)?.slots ?? [];
        return (
          <fieldset key={index} className="set-in">
            <legend>{t("drafts.rebinding")}</legend>
            <SelectAt
              path={["rebindings", index, "service"]}
              label="drafts.service"
              options={named(language, choices.services)}
              required
            />
            <PickAt
              path={["rebindings", index, "slots"]}
              label="drafts.slots"
              options={plain(slots)}
            />
            <PickAt
              path={["rebindings", index, "models"]}
              label="drafts.toModels"
              hint="drafts.toModelsHint"
              options={models}
            />
            <TickAt path={["rebindings", index, "provisional"]} label="drafts.provisionalBinding" />
            <Button type="button" unstyled onClick={() => remove(index)}>
              {t("drafts.removeEntry")}
            </Button>
          </fieldset>
        );
      })}
      <p>
        <Button
          type="button"
          outline
          onClick={() => add({ service: "", slots: [], models: [] })}
        >
          {t("drafts.addRebinding")}
        </Button>
      </p>
    </>
  );
}
