import type { Status } from "../../api/status";
import { useLanguage } from "../../i18n/context";
import { Command } from "../../parts/Command";
import { Section } from "../../parts/Section";
import { WithCode } from "../../parts/WithCode";
import { nextSteps } from "./steps";

export function Next({ status }: { status: Status }) {
  const { t } = useLanguage();
  return (
    <Section heading={t("next.heading")}>
      <p>
        <WithCode text="next.where" name="activate" code="source .venv/bin/activate" />
      </p>
      <ul className="steps">
        {nextSteps(status).map((step) => (
          <li key={step.text}>
            {t(step.text)}
            <Command line={step.command} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
