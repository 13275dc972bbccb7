// The condition builder: groups of tests beside the text they are. The server says what groups a text is and what text
// some groups are; nothing is guessed here.
"use strict";

const OPERATORS = {
  "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", between: "between", in: "in", "not in": "not_in",
  has: "has", "has not": "has_not", is: "is", "is not": "is_not", present: "present", missing: "missing",
};
const COUNTS = { between: 2, is: 0, "is not": 0, present: 0, missing: 0 };

class ConditionBuilder {
  constructor(root, editor) {
    this.root = root;
    this.editor = editor;
    this.field = root.querySelector("textarea");
    this.path = root.dataset.builds;
    this.button = element("button", { type: "button", className: "button button-small", textContent: editor.text("build") });
    this.box = element("div", { className: "builder" });
    this.box.hidden = true;
    this.button.addEventListener("click", () => this.toggle());
    root.append(this.button, this.box);
    this.held = editor.built.get(this.path);
    if (this.held?.writing || (this.held && this.held.said === this.field.value)) this.show();
    else if (this.held) this.open();
  }

  toggle() { if (this.box.hidden) this.open(); else this.close(); }

  close() {
    this.box.hidden = true;
    this.editor.built.delete(this.path);
    this.button.textContent = this.editor.text("build");
  }

  async open() {
    const asked = { path: this.path, text: this.editor.source.value, said: this.field.value };
    const found = await this.editor.ask(this.editor.root.dataset.condition, asked);
    if (!found.group) {
      this.box.hidden = false;
      this.button.textContent = this.editor.text("as_text");
      this.box.replaceChildren(element("p", { className: "wrong", textContent: found.said ?? "" }));
      return;
    }
    // What is being built is kept beside the form, which is drawn anew with every save: a test that lacks its value is not
    // in the text yet.
    this.held = { group: found.group, fields: found.fields, said: this.field.value, writing: 0, turn: 0 };
    this.editor.built.set(this.path, this.held);
    this.show();
  }

  show() {
    this.box.hidden = false;
    this.button.textContent = this.editor.text("as_text");
    this.draw();
  }

  get fields() { return this.held.fields; }

  draw() { drawn(this.box, `${this.field.id}-part`, () => this.box.replaceChildren(this.groupOf(this.held.group, null))); }

  groupOf(group, take) {
    const mode = choice(["all", "any", "none"].map((each) => [each, this.editor.text(each)]), group.mode, this.editor.text("group_of"));
    mode.addEventListener("change", () => { group.mode = mode.value; this.write(); });
    const head = element("p", { className: "builder-head" }, mode, ...(take ? [this.takeOut(take)] : []));
    const list = element("ul", { className: "builder-parts" });
    group.parts.forEach((part, at) => {
      const out = () => { group.parts.splice(at, 1); this.draw(); this.write(); };
      list.append(element("li", {}, part.is === "group" ? this.groupOf(part, out) : this.one(part, out)));
    });
    const test = element("button", { type: "button", className: "button button-small", textContent: this.editor.text("add_test") });
    test.addEventListener("click", () => { group.parts.push(this.fresh()); this.draw(); this.write(); this.last(list); });
    const inner = element("button", { type: "button", className: "button button-small", textContent: this.editor.text("add_group") });
    inner.addEventListener("click", () => {
      group.parts.push({ is: "group", mode: group.mode === "all" ? "any" : "all", parts: [this.fresh()] });
      this.draw();
      this.write();
    });
    return element("div", { className: "builder-group" }, head, list, element("p", { className: "row-tools" }, test, inner));
  }

  last() { this.box.querySelector(".builder-group > .builder-parts > li:last-child select")?.focus(); }

  fresh() {
    const named = (name) => this.fields.find((each) => each.field === name);
    const first = named("event.amount") ?? named("member.level") ?? this.fields[0];
    return { is: "test", field: first.field, operator: first.operators[0], values: [] };
  }

  one(part, out) {
    if (part.is === "written") {
      const text = element("input", { type: "text", className: "mono", value: part.text });
      text.setAttribute("aria-label", this.editor.text("written"));
      text.addEventListener("change", () => { part.text = text.value; this.write(); });
      return element("div", { className: "builder-test" }, text, this.takeOut(out));
    }
    const known = this.fields.find((each) => each.field === part.field);
    const fields = this.fields.map((each) => [each.field, each.label === each.field ? each.field : `${each.label} · ${each.field}`]);
    const field = choice(known ? fields : [[part.field, part.field], ...fields], part.field, this.editor.text("field"));
    field.addEventListener("change", () => {
      const chosen = this.fields.find((each) => each.field === field.value);
      Object.assign(part, { field: chosen.field, operator: chosen.operators[0], values: [] });
      this.draw();
      this.write();
    });
    const operators = (known?.operators ?? [part.operator]).map((each) => [each, this.editor.text(`op_${OPERATORS[each]}`)]);
    const operator = choice(operators, part.operator, this.editor.text("operator"));
    operator.addEventListener("change", () => {
      part.operator = operator.value;
      part.values = part.values.slice(0, COUNTS[operator.value] ?? (operator.value.endsWith("in") ? 99 : 1));
      this.draw();
      this.write();
    });
    return element("div", { className: "builder-test" }, field, operator, ...this.values(part, known), this.takeOut(out));
  }

  values(part, known) {
    const several = part.operator === "in" || part.operator === "not in";
    const count = several ? 1 : (COUNTS[part.operator] ?? 1);
    return Array.from({ length: count }, (_, at) => {
      const said = several ? part.values.join(", ") : (part.values[at] ?? "");
      const choices = known?.choices ?? [];
      const field = choices.length && !several ? choice([["", "—"], ...choices.map((each) => [each, each])], String(said), this.editor.text("value"))
        : element("input", { type: "text", value: said });
      field.setAttribute("aria-label", this.editor.text(several ? "values" : "value"));
      field.addEventListener("change", () => {
        const typed = several ? field.value.split(/[,，]/).map((each) => each.trim()).filter(Boolean) : [field.value.trim()];
        const made = typed.map((each) => this.value(each, known));
        if (several) part.values = made;
        else part.values[at] = made[0];
        this.write();
      });
      return field;
    });
  }

  value(typed, known) {
    const number = known && ["int", "number"].includes(known.kind) && /^-?\d+(\.\d+)?$/.test(typed);
    if (known?.kind === "bool") return typed === "true";
    return number ? Number(typed) : typed;
  }

  takeOut(out) {
    const button = element("button", { type: "button", className: "button-plain", textContent: "✕" });
    button.setAttribute("aria-label", this.editor.text("take_out"));
    button.addEventListener("click", out);
    return button;
  }

  // Tests that lack a value are left out of the text until they have one. Each time all that is built is sent, so an
  // answer is nothing any more when something was built after it was asked for.
  async write() {
    const held = this.held, turn = ++held.turn;
    held.writing++;
    try {
      const found = await this.editor.ask(this.editor.root.dataset.condition, { path: this.path, group: complete(held.group) });
      if (turn !== held.turn) return null;
      if (found.said === undefined || found.todo !== undefined) return this.editor.wrong(found.said ?? "");
      if (found.said === held.said) return null;
      held.said = this.field.value = found.said;
      return await this.editor.change({ act: "set", path: this.path, typed: found.said });
    } catch (why) {
      return this.editor.wrong(why.message);
    } finally {
      held.writing--;
    }
  }
}

// Draws a piece whose fields have ids by their place, so that whoever is in one of them stays there.
function drawn(box, name, draw) {
  const at = box.contains(document.activeElement) ? document.activeElement.id : "";
  draw();
  box.querySelectorAll("select, input, button").forEach((each, place) => { each.id = `${name}-${place}`; });
  if (at) document.getElementById(at)?.focus({ preventScroll: true });
}

function complete(part) {
  if (part.is !== "group") return part;
  const parts = part.parts.map(complete).filter((each) => each.is === "group" ? each.parts.length : each.is === "written" ? each.text.trim() : ready(each));
  return { ...part, parts };
}

function ready(test) {
  const count = COUNTS[test.operator] ?? 1;
  return test.values.filter((each) => each !== "" && each !== undefined).length >= count;
}

function element(name, with_, ...children) {
  const made = Object.assign(document.createElement(name), with_);
  made.append(...children);
  return made;
}

function choice(options, chosen, label) {
  const made = element("select", {}, ...options.map(([value, text]) => element("option", { value, textContent: text, selected: value === chosen })));
  made.setAttribute("aria-label", label);
  return made;
}

/** A text with what stands between backticks as code. */
function inCode(text) {
  return text.split("`").map((part, at) => (at % 2 ? element("code", { textContent: part }) : part));
}
