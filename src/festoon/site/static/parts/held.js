// <festoon-held campaign>: what is his and waits, an appeal against it, and what came of one.

import { FestoonElement, h } from "./element.js";

const APPEAL = "grant.appealed";
const LATEST = 3;
const WHY = { released: "appeal_granted_why", voided: "appeal_lapsed", undone: "appeal_undone" };

export class Held extends FestoonElement {
  static css = ".held { display: grid; gap: .5rem; padding: .7rem 0; border-bottom: 1px solid var(--line); } .held:last-child { border: 0; padding-bottom: 0; } form { display: grid; gap: .6rem; } textarea { min-height: 6rem; resize: vertical; } blockquote { margin: 0; padding: .4rem .8rem; border-left: 3px solid var(--line); }";

  view() {
    const held = this.campaign.mine?.held ?? [];
    const verdicts = (this.campaign.mine?.verdicts ?? []).slice(0, LATEST);
    if (this.writing && !held.some((each) => each.id === this.writing)) this.writing = this.form = null;
    return [
      held.length ? h("section", { class: "card" }, h("h2", {}, this.t("held_title")), h("p", { class: "soft small" }, this.t("held_why")),
        h("ul", {}, held.map((each) => this.one(each)))) : null,
      verdicts.length ? h("section", { class: "card" }, h("h2", {}, this.t("appeals_title")), h("ul", {}, verdicts.map((each) => this.verdict(each)))) : null,
    ];
  }

  one(each) {
    const risk = each.why !== "promise";
    return h("li", { class: "held" },
      h("div", { class: "row" }, h("span", {}, h("strong", {}, this.list(each.gives) || each.title), h("br"), h("span", { class: "soft small" }, each.title)),
        h("span", { class: "chip hot" }, this.t(each.appealed ? "appeal_open" : risk ? "under_review" : "waits_for_verdict"))),
      each.lapses ? h("p", { class: "soft small" }, this.t("held_until", { at: this.moment(each.lapses) })) : null,
      risk && !each.appealed ? this.appeal(each) : null);
  }

  /** The form stays the same while all around it is drawn anew, so that what was typed is not lost. */
  appeal(each) {
    if (this.writing !== each.id) {
      return h("div", {}, h("p", { class: "soft small" }, this.t("held_risk")), this.button(this.t("appeal"), `appeal-${each.id}`, () => this.write(each.id), "plain"));
    }
    if (!this.form || this.formOf !== each.id) {
      this.formOf = each.id;
      this.form = h("form", { onsubmit: (event) => this.send(event, each) },
        h("label", {}, this.t("appeal_text"), h("textarea", { name: "text", maxlength: 1000, rows: 4 })),
        h("p", { class: "soft small" }, this.t("appeal_once")),
        h("div", { class: "row" }, h("button", { type: "submit", class: "main" }, this.t("appeal_send")), h("button", { type: "button", class: "plain", onclick: () => this.write(null) }, this.t("cancel"))));
    }
    return this.form;
  }

  write(id) {
    this.writing = id;
    this.draw();
    if (id) this.form.querySelector("textarea").focus();
    else this.form = null;
  }

  async send(event, each) {
    event.preventDefault();
    const text = new FormData(this.form).get("text").trim();
    if (!text) return this.say(this.t("fill_in", { what: this.t("appeal_text") }), "bad");
    const outcome = await this.perform(APPEAL, { hold: each.id, text }, `${APPEAL}/${each.id}`);
    if (!outcome) return null;
    const refused = outcome.refused ? this.worded(outcome.refused.text) : "";
    return this.say(refused || this.t("appeal_sent"), refused ? "bad" : "good");
  }

  verdict(each) {
    const good = each.decision === "released";
    return h("li", { class: "held" },
      h("div", { class: "row" }, h("span", {}, h("strong", {}, each.title), h("br"), h("span", { class: "soft small" }, this.moment(each.at))),
        h("span", { class: good ? "chip good" : "chip" }, this.t(good ? "appeal_granted" : "appeal_refused"))),
      h("blockquote", {}, each.answer || this.t(WHY[each.decision])));
  }
}
