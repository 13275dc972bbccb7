// What is known of a campaign, asked for once for all components of a page.

import { Problem, open, own, send } from "./asking.js";
import { SERVER } from "./session.js";

const texts = new Map();

/** The texts of a language, as a function: text("chances_left", {count: 3}). */
export function textsOf(language) {
  if (!texts.has(language)) {
    const asked = open(`/m/-/texts/${language}.json`, language).then(
      (said) => (name, data = {}) => (said[name] ?? name).replace(/\{(\w+)\}/g, (_, field) => data[field] ?? ""),
    );
    asked.catch(() => texts.delete(language));
    texts.set(language, asked);
  }
  return texts.get(language);
}

const campaigns = new Map();
// Somebody has signed in, or another: what was asked for before is asked for anew.
document.addEventListener("festoon:configured", () => campaigns.forEach((campaign) => (campaign.loading = null)));

/** The campaign of a page, in a language. */
export function campaignOf(id, language) {
  const key = `${id}/${language}`;
  if (!campaigns.has(key)) campaigns.set(key, new Campaign(id, language));
  return campaigns.get(key);
}

/** Tells its listeners whenever something about it has changed. */
class Campaign extends EventTarget {
  constructor(id, language) {
    super();
    this.id = id;
    this.language = language;
    this.told = null; // for everybody
    this.mine = null; // the member's own
    this.stranger = false; // nobody has signed in
    this.problem = null;
    this.doing = new Map();
    this.loading = null;
  }

  /** Load it, once. */
  load() {
    this.loading ??= this.#load();
    return this.loading;
  }

  async #load() {
    try {
      const path = encodeURIComponent(this.id);
      [this.told] = await Promise.all([open(`/v1/public/campaigns/${path}`, this.language), this.#mine()]);
      this.ahead = new Date(this.told.now) - Date.now();
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
      this.loading = null;
    }
    this.changed();
  }

  async #mine() {
    try {
      const mine = await own(`/v1/me/campaigns/${encodeURIComponent(this.id)}`, this.language);
      this.mine = mine;
      this.stranger = mine === null;
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 404) throw problem;
      this.mine = NOBODY; // signed in, and has done nothing yet
    }
  }

  /** Ask anew for what is the member's own. */
  async refresh() {
    try {
      await this.#mine();
    } catch (problem) {
      this.problem = problem;
    }
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** The server's time, as far as it is known. */
  now() {
    return Date.now() + (this.ahead ?? 0);
  }

  told_of(mechanic) {
    return this.told?.mechanics.find((each) => each.id === mechanic) ?? null;
  }

  mine_of(mechanic) {
    return this.mine?.mechanics.find((each) => each.id === mechanic) ?? null;
  }

  /** Something the member can do, and whether he may now. Who has done nothing yet may try anything. */
  act(mechanic, type) {
    if (this.mine === NOBODY) return { type, ok: this.told?.phase === "running", text: "" };
    return this.mine_of(mechanic)?.acts.find((each) => each.type === type) ?? null;
  }

  /** Do something. Asked for twice while it is under way, it is done once. */
  do(type, data, name, retrying) {
    const key = `${this.id}/${name}`;
    if (!this.doing.has(key)) {
      const done = send(key, type, data, this.language, retrying).finally(() => this.doing.delete(key));
      this.doing.set(key, done);
    }
    return this.doing.get(key);
  }

  /** What something is called: an asset, or a thing by its kind and name. */
  title(kind, ref) {
    return kind === "asset" ? this.told?.assets[ref]?.title ?? ref : this.told?.things[`${kind}:${ref}`] ?? ref;
  }

  amount(asset, units) {
    const scale = this.told?.assets[asset]?.scale ?? 0;
    const shown = (units / 10 ** scale).toLocaleString(this.language, { minimumFractionDigits: 0, maximumFractionDigits: scale });
    const gap = this.language === "en" ? " " : "";
    return `${shown}${gap}${this.title("asset", asset)}`;
  }

  /** What an outcome gave through a mechanic (or through all), each as words. */
  given(outcome, mechanic = "") {
    return outcome.mechanics
      .filter((made) => !mechanic || made.mechanic === `${this.id}/${mechanic}`)
      .flatMap((made) => made.given ?? [])
      .map((one) => (one.kind === "asset" ? this.amount(one.ref, one.amount ?? 1) : this.title(one.kind, one.ref)));
  }

  /** Whether an outcome set something aside for somebody to look at. */
  held(outcome) {
    return outcome.mechanics.some((made) => (made.held ?? []).length > 0);
  }
}

export const NOBODY = { balances: [], mechanics: [], things: [], held: [], verdicts: [], invite: { code: "", links: [] }, member: "" };

export function link(path) {
  return SERVER + path;
}
