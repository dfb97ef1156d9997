import { boardEn } from "./board.en";
import { draftsEn } from "./drafts.en";
import { documentsEn } from "./documents.en";
import { reachEn } from "./reach.en";
import { complianceEn } from "./compliance.en";
import { recordsEn } from "./records.en";
import { costsEn } from "./costs.en";
import { limitsEn } from "./limits.en";
import { evidenceEn } from "./evidence.en";
import { changeoversEn } from "./changeovers.en";
import { networksEn } from "./networks.en";
import { messagesEn } from "./messages.en";
import { directoryEn } from "./directory.en";
import { termsEn } from "./terms.en";

/** The texts of the desk's areas. */
export const deskAreasEn = {
  ...boardEn,
  ...draftsEn,
  ...documentsEn,
  ...reachEn,
  ...complianceEn,
  ...recordsEn,
  ...costsEn,
  ...limitsEn,
  ...evidenceEn,
  ...changeoversEn,
  ...networksEn,
  ...messagesEn,
  ...directoryEn,
  ...termsEn,
};
