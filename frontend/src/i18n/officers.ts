/**
 * The texts of the desk, of administration and of the record. They are half of all texts, and come
 * with those pages: who signs in to chat need not wait for them.
 */

import { adminEn } from "./admin.en";
import { adminFr } from "./admin.fr";
import { deskAreasEn } from "./desk/en";
import { deskAreasFr } from "./desk/fr";
import { deskEn } from "./desk.en";
import { deskFr } from "./desk.fr";
import { learn } from "./translate";

export const officersEn = { ...deskEn, ...adminEn, ...deskAreasEn };
const officersFr = { ...deskFr, ...adminFr, ...deskAreasFr };

learn({ en: officersEn, fr: officersFr });
