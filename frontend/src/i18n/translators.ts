/** The texts of translation, which come with its pages. */

import { learn } from "./translate";
import { translationEn } from "./translation.en";
import { translationFr } from "./translation.fr";

learn({ en: translationEn, fr: translationFr });
