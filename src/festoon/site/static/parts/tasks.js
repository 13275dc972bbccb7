// <festoon-tasks campaign [mechanic] [most] [more]>: what there is to do, how far it is, and what it brings.

import { FestoonElement, h } from "./element.js";

const KINDS = ["task", "task_set", "gift", "earn", "multiplier"];

export class Tasks extends FestoonElement {
  static css = "li.card { gap: .4rem; } ul { display: grid; gap: .6rem; } .brings { color: var(--accent); font-weight: 600; }";

  view() {
    const told = this.campaign.told.mechanics.filter((each) => (this.mechanic ? each.id === this.mechanic : KINDS.includes(each.kind)));
    const most = Number(this.getAttribute("most") ?? 0);
    const open = most ? [...told].sort((one, other) => this.rank(one) - this.rank(other)).slice(0, most) : told;
    const more = this.getAttribute("more");
    return [
      told.length ? h("ul", {}, open.map((each) => this.one(each))) : h("p", { class: "soft" }, this.t("tasks_empty")),
      more && told.length > open.length ? h("a", { class: "button plain", href: more + location.search.replace(/[?&]by=[^&]*/, "") }, this.t("all_tasks", { count: told.length })) : null,
    ];
  }

  /** Tasks under way first, then those to begin, then what comes by itself, and what is done last. */
  rank(told) {
    const shows = this.campaign.mine_of(told.id)?.shows ?? {};
    if (shows.goal && this.done(shows)) return 3;
    return shows.counted ? 0 : shows.goal ? 1 : 2;
  }

  done(shows) {
    return shows.times !== null && shows.done > 0 && shows.done >= (shows.times ?? 1);
  }

  one(told) {
    const mine = this.campaign.mine_of(told.id);
    const shows = mine?.shows ?? {};
    const [rule] = told.rules;
    return h("li", { class: "card" },
      h("div", { class: "row" }, h("h3", {}, told.title), mine ? this.state(mine, shows) : null),
      h("p", { class: "soft small" }, told.gives ? told.rules.find((each) => !each.includes(told.gives)) ?? rule : rule),
      told.gives ? h("p", { class: "brings small" }, told.gives) : null,
      shows.goal > 1 && !this.done(shows) ? h("progress", { value: shows.counted, max: shows.goal, "aria-label": told.title }) : null,
      shows.in_review?.length ? h("p", { class: "small" }, this.t("under_review")) : null);
  }

  state(mine, shows) {
    if (shows.goal && this.done(shows)) return h("span", { class: "chip good" }, this.t("done"));
    if (shows.goal > 1) return h("span", { class: "chip" }, `${shows.counted.toLocaleString(this.language)} / ${shows.goal.toLocaleString(this.language)}`);
    return mine.given ? h("span", { class: "chip good" }, this.t("had_times", { count: mine.given })) : null;
  }
}
