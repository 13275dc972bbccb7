// <festoon-prizes campaign>: the member's coupons, badges and parcels, with a form for where a parcel goes.

import { FestoonElement, h } from "./element.js";

const ORDER = ["gift", "coupon", "membership", "item", "badge"];

export class Prizes extends FestoonElement {
  static css = ".thing { display: grid; gap: .35rem; padding: .8rem 0; border-bottom: 1px solid var(--line); } .thing:last-child { border: 0; padding-bottom: 0; } form { display: grid; gap: .75rem; padding: .5rem 0; } .past { opacity: 1; color: var(--soft); }";

  view() {
    const things = this.campaign.mine?.things;
    if (!things) return null;
    if (!things.length) return h("div", { class: "card centre" }, h("p", { class: "soft" }, this.t("prizes_empty")), h("a", { class: "button plain", href: `/m/${this.campaign.id}` }, this.t("take_part")));
    return ORDER.filter((kind) => things.some((each) => each.kind === kind)).map((kind) =>
      h("section", { class: "card" }, h("h2", {}, this.t(`things_${kind}`)),
        h("ul", {}, this.stacked(things.filter((each) => each.kind === kind)).map((each) => this.thing(each)))));
  }

  /** The usable ones first; those of a kind that have neither code nor number are counted, not listed. */
  stacked(things) {
    return [...things].sort((one, other) => Number(this.past(one)) - Number(this.past(other)));
  }

  past(thing) {
    return !["owned", "awaiting", "shipped"].includes(thing.state);
  }

  thing(thing) {
    return h("li", { class: `thing ${this.past(thing) ? "past" : ""}` },
      h("div", { class: "row" }, h("strong", {}, thing.title, thing.serial ? ` #${thing.serial}` : ""), h("span", { class: this.past(thing) ? "chip" : "chip good" }, this.t(`state_${thing.state}`))),
      thing.code && !this.past(thing) ? h("div", { class: "row" }, h("code", {}, thing.code), this.button(this.t("copy"), `copy-${thing.id}`, () => this.copy(thing.code), "link")) : null,
      h("p", { class: "soft small" }, `${thing.mechanic} · ${this.day(thing.given)}${thing.expires && !this.past(thing) ? ` · ${this.t("expires", { day: this.day(thing.expires) })}` : ""}`),
      thing.parcel ? h("p", { class: "small" }, this.t("parcel", { carrier: thing.carrier, number: thing.parcel })) : null,
      thing.wear ? h("div", { class: "row" }, h("p", { class: "small" }, thing.worn ? this.t("worn") : ""),
        this.button(this.t(thing.worn ? "take_off" : "wear"), `wear-${thing.id}`, () => this.wear(thing), "plain")) : null,
      thing.address ? this.address(thing) : null);
  }

  /** Put it on, or take it off. */
  async wear(thing) {
    const outcome = await this.perform(thing.worn ? "item.taken_off" : "item.worn", { item: thing.id }, `wear/${thing.id}`);
    if (!outcome) return null;
    const refused = this.refusal(outcome);
    return this.say(refused || this.t(thing.worn ? "taken_off" : "put_on"), refused ? "bad" : "good");
  }

  address(thing) {
    if (this.editing !== thing.id) {
      return h("div", { class: "row" },
        h("p", { class: "small" }, this.t(thing.address === "given" ? "address_given" : "address_wanted")),
        this.button(this.t(thing.address === "given" ? "address_change" : "address_say"), `address-${thing.id}`, () => this.edit(thing.id), thing.address === "given" ? "plain" : "main"));
    }
    this.form ??= this.fields(thing);
    return this.form;
  }

  edit(id) {
    this.editing = id;
    this.form = null;
    this.draw();
    this.form?.querySelector("input")?.focus();
  }

  fields(thing) {
    const field = (name, hint, more = {}) => h("label", {}, this.t(name), h("input", { name, autocomplete: hint, required: true, maxlength: 500, ...more }));
    const form = h("form", { novalidate: true, onsubmit: (event) => this.submit(event, thing) },
      field("receiver", "name"), field("phone", "tel", { type: "tel", inputmode: "tel" }), field("address", "street-address"),
      h("label", {}, this.t("postcode"), h("input", { name: "postcode", autocomplete: "postal-code", maxlength: 20 })),
      h("p", { class: "soft small" }, this.t("address_private")),
      h("div", { class: "row" }, h("button", { type: "submit", class: "main" }, this.t("save")), h("button", { type: "button", class: "plain", onclick: () => this.edit(null) }, this.t("cancel"))));
    return form;
  }

  async submit(event, thing) {
    event.preventDefault();
    const said = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]));
    const empty = ["receiver", "phone", "address"].find((name) => !said[name]);
    if (empty) {
      this.say(this.t("fill_in", { what: this.t(empty) }), "bad");
      return this.form.querySelector(`[name="${empty}"]`).focus();
    }
    const data = { item: thing.id, name: said.receiver, phone: said.phone, address: said.address, ...(said.postcode ? { postcode: said.postcode } : {}) };
    const outcome = await this.perform("gift.address_given", data, `address/${thing.id}`);
    if (!outcome) return null;
    const refused = this.refusal(outcome);
    if (!refused) this.edit(null);
    return this.say(refused || this.t("address_saved"), refused ? "bad" : "good");
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.say(this.t("copied"), "good");
    } catch {
      this.say(text);
    }
  }
}
