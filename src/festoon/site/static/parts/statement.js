// <festoon-statement campaign>: what the member has, and every change of it with its reason.

import { own } from "./asking.js";
import { FestoonElement, h } from "./element.js";

export class Statement extends FestoonElement {
  static css = `
.balances { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .5rem; }
.balances li { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: .7rem .9rem; }
.lines li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line); } .lines li:last-child { border: 0; }
.lines li > :nth-child(even) { text-align: right; }
.plus { color: var(--good); font-weight: 600; } .minus { font-weight: 600; }
`;

  async ready() {
    this.lines = [];
    this.next = null;
    if (this.campaign.mine && this.campaign.mine.member) await this.more();
    else this.draw();
  }

  async more() {
    try {
      const page = await own(`/v1/me/statement?limit=30${this.next ? `&before=${this.next}` : ""}`, this.language);
      this.lines = [...this.lines, ...(page?.lines ?? [])];
      this.next = page?.next ?? null;
    } catch (problem) {
      this.say(this.trouble(problem), "bad");
    }
    this.draw();
  }

  view() {
    if (!this.campaign.mine) return null;
    const shown = this.campaign.mine.balances.filter((each) => each.available || each.held || each.pending || each.owed);
    return [
      shown.length ? h("ul", { class: "balances" }, shown.map((each) => this.balance(each))) : null,
      h("div", { class: "card" },
        this.lines?.length ? h("ul", { class: "lines" }, this.lines.map((line) => this.line(line))) : h("p", { class: "soft" }, this.t(this.lines ? "statement_empty" : "loading"))),
      this.next ? this.button(this.t("more"), "more", () => this.more(), "plain") : null,
    ];
  }

  number(units, scale) {
    return (units / 10 ** scale).toLocaleString(this.language, { minimumFractionDigits: scale && units % 10 ** scale ? scale : 0 });
  }

  balance(each) {
    const beside = ["held", "pending", "owed"].filter((part) => each[part]);
    return h("li", {}, h("p", { class: "big" }, this.number(each.available, each.scale)), h("p", { class: "soft" }, each.title),
      beside.map((part) => h("p", { class: "soft small" }, this.t(`balance_${part}`, { count: this.number(each[part], each.scale) }))),
      each.coming.map(([at, amount]) => h("p", { class: "soft small" }, this.t("balance_coming", { count: this.number(amount, each.scale), day: this.day(at) }))));
  }

  line(line) {
    const sign = line.amount > 0 ? "+" : "−";
    return h("li", {},
      h("span", {}, line.why, line.part ? h("span", { class: "soft small" }, ` · ${this.t(`part_${line.part}`)}`) : null),
      h("span", { class: line.amount > 0 ? "plus" : "minus" }, `${sign}${this.number(Math.abs(line.amount), line.scale)} ${line.title}`),
      h("span", { class: "soft small" }, this.moment(line.at)),
      line.expires ? h("span", { class: "soft small" }, this.t("expires", { day: this.day(line.expires) })) : h("span", {}));
  }
}
