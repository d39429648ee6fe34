/** `npm run bench:answers`: what compact answers save, and how well tools are found by plain questions. */
import { answers } from "./bench/answers.ts";
import { conclude } from "./bench/report.ts";
import { search } from "./bench/search.ts";

answers();
search();
conclude();
