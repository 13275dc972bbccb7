// What a member asks for by one press or one code: <festoon-exchange>, <festoon-code>, <festoon-place>, <festoon-tickets>.

import { FestoonElement, MechanicElement, h } from "./element.js";

export class Exchange extends MechanicElement {
  static css = ":host, .body { height: 100%; } .card { height: 100%; grid-template-rows: auto 1fr auto; } .price { color: var(--accent); font-weight: 600; }";

  shown(told) {
    const act = this.campaign.act(this.mechanic, "exchange.made");
    return h("div", { class: "card" },
      h("div", { class: "row" }, h("h3", {}, told.title), h("span", { class: "price" }, told.price)),
      h("p", { class: "soft" }, told.gives),
      act ? h("div", {}, this.button(this.t("exchange_now"), "exchange", () => this.exchange(), "main", !act.ok), act.ok ? null : h("p", { class: "soft small" }, this.worded(act.text))) : null);
  }

  async exchange() {
    const outcome = await this.perform("exchange.made");
    if (!outcome) return;
    const refused = this.refusal(outcome);
    if (refused) this.say(refused, "bad");
    else if (this.campaign.held(outcome)) this.say(this.t("won_held"), "good");
    else this.say(this.t("you_got", { what: this.list(this.campaign.given(outcome, this.mechanic)) }), "good");
  }
}

export class Code extends FestoonElement {
  static css = "form { display: grid; gap: .75rem; } input { text-transform: uppercase; letter-spacing: .06em; }";

  view() {
    if (!this.campaign.mine) return null;
    const old = this.shadowRoot.querySelector("input")?.value ?? "";
    return h("div", { class: "card" },
      h("form", { onsubmit: (event) => this.enter(event) },
        h("label", {}, this.t("your_code_here"), h("input", { name: "code", maxlength: 64, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", "data-focus": "code", value: old })),
        h("button", { type: "submit", class: "main", "aria-disabled": this.busy ? "true" : null, "data-focus": "enter" }, this.t("enter_code"))));
  }

  async enter(event) {
    event.preventDefault();
    const code = new FormData(event.target).get("code").trim();
    if (!code) return this.say(this.t("fill_in", { what: this.t("your_code_here") }), "bad");
    const outcome = await this.perform("code.entered", { code }, `code/${code}`);
    if (!outcome) return null;
    const refused = outcome.refused ? this.worded(outcome.refused.text) : "";
    const given = this.campaign.given(outcome);
    if (!refused) this.shadowRoot.querySelector("input").value = "";
    return this.say(refused || (given.length ? this.t("you_got", { what: this.list(given) }) : this.t("under_review")), refused ? "bad" : "good");
  }
}

const ASKS = { "place.applied": "place_apply", "place.taken": "place_take", "place.cancelled": "place_cancel" };

export class Place extends MechanicElement {
  shown(told, mine) {
    const shows = mine?.shows ?? {};
    const acts = Object.keys(ASKS).map((type) => this.campaign.act(this.mechanic, type)).filter(Boolean);
    const can = acts.filter((act) => act.ok && !(act.type === "place.cancelled" && !shows.status));
    const apply = acts.find((act) => act.type === "place.applied");
    return h("div", { class: "card" },
      h("div", { class: "row" }, h("p", { class: "big" }, shows.status ? this.t(`place_${shows.status}`) : this.t("places", { count: (shows.places ?? 0).toLocaleString(this.language) })),
        shows.place ? h("span", { class: "chip good" }, `№ ${shows.place}`) : null),
      shows.position ? h("p", {}, this.t("place_position", { count: shows.position })) : null,
      shows.until ? h("p", { class: "soft" }, this.t("place_until", { at: this.moment(shows.until) })) : null,
      shows.drawn && shows.status === "applied" ? h("p", { class: "soft" }, this.t("place_drawn", { at: this.moment(shows.drawn) })) : null,
      !can.length && apply && !apply.ok && !shows.status ? h("p", { class: "soft" }, this.worded(apply.text)) : null,
      can.length ? h("div", { class: "row" }, can.map((act) => this.button(this.t(ASKS[act.type]), act.type, () => this.ask(act.type), act.type === "place.cancelled" ? "plain" : "main"))) : null);
  }

  async ask(type) {
    const outcome = await this.perform(type);
    if (!outcome) return;
    const refused = this.refusal(outcome);
    const status = this.campaign.mine_of(this.mechanic)?.shows.status;
    this.say(refused || this.t(status ? `place_${status}` : "place_gone"), refused ? "bad" : "good");
  }
}

export class Tickets extends MechanicElement {
  shown(told, mine) {
    const shows = mine?.shows ?? {};
    return [
      h("div", { class: "card centre" },
        mine ? [h("p", { class: "big" }, mine.chances.toLocaleString(this.language)), h("p", { class: "soft" }, this.t("tickets_yours"))] : null,
        shows.prize ? h("p", { class: "chip good" }, this.t("you_won", { what: told.prizes.find((each) => each.id === shows.prize)?.title ?? shows.prize })) : null,
        shows.frozen ? h("p", { class: "soft small" }, this.t("tickets_until", { at: this.moment(shows.frozen) })) : null,
        shows.drawn ? h("p", { class: "soft small" }, this.t("tickets_drawn", { at: this.moment(shows.drawn) })) : null),
      h("div", { class: "card" }, h("h3", {}, this.t("prizes_to_win")),
        h("ul", {}, told.prizes.map((each) => h("li", { class: "row" }, h("span", {}, each.title), h("span", { class: "soft" }, `×${each.count.toLocaleString(this.language)}`))))),
    ];
  }
}
