// The members' pages themselves: links carry the language on, the tab of this page is marked, and who came by an
// invitation's link has its code kept until he registers.

import { keepCode } from "./parts/session.js";

const here = new URL(location.href);
const language = here.searchParams.get("lang");

for (const link of document.querySelectorAll("a[data-keep]")) {
  const to = new URL(link.href);
  if (language && !to.searchParams.has("lang")) to.searchParams.set("lang", language);
  if (to.searchParams.has("lang")) link.href = to.href;
}
for (const link of document.querySelectorAll(".tabs a")) {
  if (new URL(link.href).pathname === here.pathname) link.setAttribute("aria-current", "page");
}
if (here.searchParams.has("by")) keepCode(here.searchParams.get("by"));
