import { boardEn } from "./board.en";
import { draftsEn } from "./drafts.en";
import { documentsEn } from "./documents.en";
import { directoryEn } from "./directory.en";
import { reachEn } from "./reach.en";
import { changeoversEn } from "./changeovers.en";
import { complianceEn } from "./compliance.en";
import { termsEn } from "./terms.en";
import { networksEn } from "./networks.en";

/** The texts of the desk's areas. */
export const deskAreasEn = {
  ...boardEn,
  ...draftsEn,
  ...documentsEn,
  ...directoryEn,
  ...reachEn,
  ...changeoversEn,
  ...complianceEn,
  ...termsEn,
  ...networksEn,
};
