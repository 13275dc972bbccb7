// <festoon-tasks campaign [mechanic] [most] [more]>: what there is to do, how far it is, and what it brings.

import { FestoonElement, h } from "./element.js";
import { PROOF_CSS, ProofForm, rejected, waiting } from "./proof.js";

const PROOF = "proof.submitted";
const KINDS = ["task", "task_set", "gift", "earn", "multiplier"];

export class Tasks extends FestoonElement {
  static css = `li.card { gap: .4rem; } ul { display: grid; gap: .6rem; } .brings { color: var(--accent); font-weight: 600; } ${PROOF_CSS}`;
  forms = new Map();

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
      shows.in_review?.length ? waiting(this, shows.in_review) : null,
      shows.rejected?.length ? rejected(this, shows.rejected) : null,
      this.proof(told));
  }

  /** What can be handed in: a button, and behind it the form; on a page of its own the form. */
  proof(told) {
    const act = told.acts?.includes(PROOF) ? this.campaign.act(told.id, PROOF) : null;
    if (!act) return null;
    if (!act.ok) return h("p", { class: "soft small" }, this.worded(act.text));
    if (!this.mechanic && this.opened !== told.id) {
      return h("div", {}, this.button(this.t("hand_in"), `open-${told.id}`, () => this.open(told.id), "plain"));
    }
    if (this.forms.get(told.id)?.t !== this.t) this.forms.set(told.id, new ProofForm(this, told.id, { wants: told.wants, send: (said) => this.handIn(told.id, said) }));
    return this.forms.get(told.id).view();
  }

  open(id) {
    this.opened = id;
    this.draw();
    this.forms.get(id)?.focus();
  }

  async handIn(mechanic, said) {
    const outcome = await this.perform(PROOF, { campaign: this.campaign.id, mechanic, ...said }, `${PROOF}/${mechanic}`);
    if (!outcome) return false;
    const refused = this.refusal(outcome, mechanic);
    if (!refused) this.opened = null;
    const given = this.campaign.given(outcome, mechanic);
    this.say(refused || (given.length ? this.t("you_got", { what: this.list(given) }) : this.t("proof_sent")), refused ? "bad" : "good");
    this.draw();
    return !refused;
  }

  state(mine, shows) {
    if (shows.goal && this.done(shows)) return h("span", { class: "chip good" }, this.t("done"));
    if (shows.goal > 1) return h("span", { class: "chip" }, `${shows.counted.toLocaleString(this.language)} / ${shows.goal.toLocaleString(this.language)}`);
    return mine.given ? h("span", { class: "chip good" }, this.t("had_times", { count: mine.given })) : null;
  }
}
