// What is given, line by line: what, which, how many. A line that differs by member is kept as it is in the text.
"use strict";

class RewardEditor {
  constructor(root, editor) {
    this.root = root;
    this.editor = editor;
    this.path = root.dataset.reward;
    const told = document.getElementById("gifts").dataset;
    this.things = JSON.parse(told.gifts);
    this.named = JSON.parse(told.rewards);
    this.take(JSON.parse(root.dataset.value));
    this.draw();
  }

  take(value) {
    this.single = value !== null && typeof value === "object" && !Array.isArray(value);
    this.name = typeof value === "string" ? value : null;
    this.lines = Array.isArray(value) ? value.map((each) => ({ ...each })) : this.single ? [{ ...value }] : [];
  }

  draw() { drawn(this.root, `${this.root.id}-line`, () => this.drawNow()); }

  drawNow() {
    const box = element("div", { className: "reward-lines" });
    if (this.named.length && !this.path.startsWith("rewards.")) box.append(this.nameChoice());
    if (this.name === null) {
      this.lines.forEach((line, at) => box.append(this.line(line, at)));
      const add = element("button", { type: "button", className: "button button-small", textContent: `+ ${this.editor.text("add_gift")}` });
      add.addEventListener("click", () => { this.lines.push({ points: 10 }); this.single = false; this.send(); });
      box.append(add);
    }
    this.root.querySelector(".reward-lines")?.remove();
    this.root.append(box);
  }

  nameChoice() {
    const names = this.name !== null && !this.named.includes(this.name) ? [this.name, ...this.named] : this.named;
    const made = choice([["", this.editor.text("own")], ...names.map((each) => [each, `${this.editor.text("named")} · ${each}`])], this.name ?? "", this.editor.text("named"));
    made.addEventListener("change", () => { this.name = made.value || null; this.send(); });
    return made;
  }

  line(line, at) {
    const row = element("div", { className: "reward-line" });
    const thing = this.things.find((each) => each.thing in line);
    const out = element("button", { type: "button", className: "button-plain", textContent: "✕" });
    out.setAttribute("aria-label", this.editor.text("take_out"));
    out.addEventListener("click", () => { this.lines.splice(at, 1); this.send(); });
    if (!thing) {
      row.append(element("span", { className: "quiet", textContent: this.editor.text("differs") }), out);
      return row;
    }
    const what = choice(this.things.map((each) => [each.thing, each.label]), thing.thing, this.editor.text("thing"));
    what.addEventListener("change", () => { this.lines[at] = this.fresh(what.value); this.send(); });
    row.append(what, ...this.which(line, thing), ...this.amounts(line, thing.thing), ...this.pending(line, thing.thing), out);
    return row;
  }

  fresh(name) {
    const thing = this.things.find((each) => each.thing === name), first = thing.names[0] ?? "";
    if (name === "points" || name === "growth") return { [name]: 10 };
    if (name === "asset") return { asset: first, amount: 1 };
    return name === "membership" ? { membership: first, days: 30 } : { [name]: first };
  }

  which(line, thing) {
    if (thing.thing === "points" || thing.thing === "growth") return [];
    const now = line[thing.thing], names = thing.names.includes(now) ? thing.names : [now, ...thing.names];
    const made = choice(names.map((each) => [each, each]), now, this.editor.text("which"));
    made.addEventListener("change", () => { line[thing.thing] = made.value; this.send(); });
    return [made];
  }

  amounts(line, thing) {
    if (thing === "membership") return this.lasts(line);
    const key = { points: "points", growth: "growth", asset: "amount" }[thing] ?? "count";
    const label = this.editor.text("amount");
    const now = line[key] ?? 1, low = Array.isArray(now) ? now[0] : now, high = Array.isArray(now) ? now[1] : "";
    const from = this.number(low, label), upto = this.number(high, this.editor.text("upto"));
    upto.placeholder = this.editor.text("upto");
    const set = () => {
      const amount = typed(from.value);
      line[key] = upto.value.trim() ? [amount, typed(upto.value)] : amount;
      if (key === "count" && line.count === 1) delete line.count;
      this.send();
    };
    from.addEventListener("change", set);
    upto.addEventListener("change", set);
    return key === "count" ? [from] : [from, upto];
  }

  // How long a membership runs. Months with days after them are both there, as they are written.
  lasts(line) {
    const said = ["months", "days"].filter((each) => each in line), keys = said.length ? said : ["days"];
    return keys.flatMap((key) => {
      const made = this.number(line[key] ?? 1, this.editor.text(key));
      made.addEventListener("change", () => { line[key] = typed(made.value); this.send(); });
      if (keys.length > 1) return [made, element("span", { className: "quiet", textContent: this.editor.text(key) })];
      const unit = choice(["days", "months"].map((each) => [each, this.editor.text(each)]), key, this.editor.text("unit"));
      unit.addEventListener("change", () => {
        delete line[key];
        line[unit.value] = typed(made.value);
        this.send();
      });
      return [made, unit];
    });
  }

  pending(line, thing) {
    if (!["points", "growth", "asset"].includes(thing)) return [];
    const days = line.pending?.days ?? "", other = line.pending && Object.keys(line.pending).some((each) => each !== "days");
    if (other) return [element("span", { className: "quiet", textContent: this.editor.text("pending_other") })];
    const made = this.number(days, this.editor.text("pending"));
    made.placeholder = this.editor.text("pending");
    made.classList.add("reward-pending");
    made.addEventListener("change", () => {
      if (made.value.trim()) line.pending = { days: typed(made.value) };
      else delete line.pending;
      this.send();
    });
    if (!line.pending) return [made];
    const told = element("span", { className: "reward-told" });
    told.append(element("span", { className: "quiet", textContent: this.editor.text("pending") }), made);
    return [told];
  }

  number(value, label) {
    const made = element("input", { type: "text", inputMode: "numeric", className: "number reward-number", value });
    made.setAttribute("aria-label", label);
    return made;
  }

  send() {
    const data = this.name ?? (this.single && this.lines.length === 1 ? this.lines[0] : this.lines);
    this.draw();
    this.editor.change({ act: "put", path: this.path, data });
  }
}

function typed(said) {
  return /^-?\d{1,15}$/.test(said.trim()) ? Number(said.trim()) : said.trim();
}
