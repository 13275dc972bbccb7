// The plan editor: outline, form and text of one draft. The text is what is saved; a change in the form is sent with it and
// comes back as text. What could not be saved stays in this browser and is offered again.
"use strict";

class Editor {
  constructor(root) {
    this.root = root;
    this.texts = JSON.parse(root.dataset.texts);
    this.sections = JSON.parse(root.dataset.sections);
    this.revision = Number(root.dataset.revision);
    this.section = root.dataset.section;
    this.built = new Map();
    this.doubts = new Doubts(this);
    this.changes = [];
    this.saved = null;
    this.stores = `festoon:draft:${root.dataset.draft}:`;
    this.store = this.stores + crypto.getRandomValues(new Uint32Array(2)).join("");
    this.source = new PlanText(root, () => this.typed(), (line) => this.follow(line));
    this.saved = this.source.given;
    this.form = document.getElementById("form");
    this.outline = document.getElementById("outline");
    this.listen();
    this.marked(JSON.parse(root.dataset.marks));
    this.equip();
    this.offer();
    if (this.dirty) this.typed(); // somebody was faster than this script, or the browser brought back what he had typed
    const line = /^#line-(\d+)$/.exec(location.hash);
    if (line) this.goTo(Number(line[1]));
  }

  text(name, values = {}) {
    return Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, value), this.texts[name] ?? name);
  }

  get dirty() { return this.source.value !== this.saved || this.changes.length > 0; }

  // Typing and saving ------------------------------------------------------------------------------------------------

  typed() {
    this.keeping ??= setTimeout(() => { this.keeping = null; if (this.dirty) this.keepHere(); }, 150);
    this.state(this.text("unsaved"));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 600);
  }

  change(change) {
    this.changes.push(change);
    clearTimeout(this.timer);
    return this.save();
  }

  // Asked for while one is under way, it is done once more after it; the promise is kept when all of that is over.
  save(over = false) {
    if (this.moved && !over) return Promise.resolve();
    if (this.saving) { this.again = true; return this.saving; }
    this.saving = this.send(over).finally(() => {
      this.saving = null;
      if (!this.again) return null;
      this.again = false;
      return this.save();
    });
    return this.saving;
  }

  async send(over) {
    this.state(this.text("saving"));
    const sent = this.source.value, changes = this.changes.splice(0);
    const asked = this.section, body = { text: sent, revision: this.revision, section: asked, changes, over };
    try {
      const found = await this.ask(this.root.dataset.keep, body);
      if (found.theirs !== undefined) this.conflict(found, changes);
      else if (found.revision === undefined) this.failed(found.said ?? "", changes);
      else this.kept(found, sent, asked);
    } catch (why) {
      this.failed(why.message, changes);
    }
  }

  kept(found, sent, asked) {
    this.revision = found.revision;
    this.moved = false;
    document.getElementById("moved").hidden = true;
    this.saved = found.text;
    if (this.source.value === sent) this.source.put(found.text);
    else if (found.text !== sent) { this.rebase(sent, found.text); this.again = true; }
    else this.again = true;
    if (this.dirty) this.keepHere();
    else localStorage.removeItem(this.store);
    this.wrong(found.problem?.said ?? "");
    this.shown(found, asked);
    const at = new Date(found.saved);
    this.state(this.text("saved_at", { at: at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) }));
  }

  // One went on typing while the form's change was on its way: both are brought together where they touch other lines.
  rebase(sent, answered) {
    let start = 0, end = 0;
    const least = Math.min(sent.length, answered.length), now = this.source.value;
    while (start < least && sent[start] === answered[start]) start++;
    while (end < least - start && sent[sent.length - 1 - end] === answered[answered.length - 1 - end]) end++;
    const before = sent.slice(0, start), after = sent.slice(sent.length - end), made = answered.slice(start, answered.length - end);
    if (now.startsWith(before)) {
      const rest = now.slice(before.length), old = sent.slice(start, sent.length - end);
      if (rest.startsWith(old)) this.source.put(before + made + rest.slice(old.length));
    } else if (now.endsWith(after)) {
      const head = now.slice(0, now.length - after.length), old = sent.slice(start, sent.length - end);
      if (head.endsWith(old)) this.source.put(head.slice(0, head.length - old.length) + made + after);
    }
  }

  failed(why, changes) {
    this.changes.unshift(...changes);
    this.keepHere();
    this.state(this.text("not_saved", { why }), "bad");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), 5000);
  }

  conflict(found, changes) {
    this.changes.unshift(...changes);
    this.moved = true;
    this.theirs = found;
    this.keepHere();
    document.getElementById("moved").hidden = false;
    this.state(this.text("not_saved", { why: found.said }), "bad");
  }

  async ask(url, body) {
    let answer;
    try {
      answer = await fetch(url, {
        method: body === undefined ? "GET" : "POST", redirect: "manual", credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.root.dataset.token },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      throw new Error(this.text("no_network"));
    }
    if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error(this.text("signed_out"));
    if (!answer.headers.get("content-type")?.includes("json")) throw new Error(this.text("no_network"));
    return answer.json();
  }

  // What this browser keeps: each window its own text, so that none is lost when another one saves ---------------------

  keepHere() {
    try {
      localStorage.setItem(this.store, JSON.stringify({ text: this.source.value, revision: this.revision, at: Date.now() }));
    } catch { /* a browser that keeps nothing */ }
  }

  offer() {
    const box = document.getElementById("offer");
    const found = this.others().map((name) => ({ name, ...JSON.parse(localStorage.getItem(name)) }));
    for (const each of found) if (each.text === this.source.value) localStorage.removeItem(each.name);
    const held = found.filter((each) => each.text !== this.source.value).sort((one, other) => other.at - one.at)[0];
    box.hidden = !held;
    if (!held) return;
    document.getElementById("offer-at").textContent = new Date(held.at).toLocaleString();
    document.getElementById("offer-take").onclick = () => {
      this.source.put(held.text);
      this.keepHere();
      localStorage.removeItem(held.name);
      this.offer();
      this.save();
    };
    document.getElementById("offer-drop").onclick = () => { localStorage.removeItem(held.name); this.offer(); };
  }

  others() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(this.stores) && name !== this.store);
    } catch { return []; }
  }

  // Showing ------------------------------------------------------------------------------------------------------------

  // `asked` is the section that was wanted when this was asked for. Who has gone on to another meanwhile stays there: its
  // form is on its way.
  shown(found, asked) {
    this.marked(found.marks);
    if (this.section !== asked) return;
    this.section = found.section;
    if (this.outline.innerHTML !== found.outline) this.exchange(this.outline, found.outline);
    this.exchange(this.form, found.form, () => this.equip());
  }

  // The new piece, with the same things open, and whoever is typing in it goes on where he was.
  exchange(box, html, equip = () => {}) {
    const at = document.activeElement, inside = box.contains(at) && at.id ? at : null;
    const said = inside && "value" in inside && inside.value !== inside.defaultValue ? inside.value : null;
    const open = new Map([...box.querySelectorAll("details[data-part]")].map((each) => [each.dataset.part, each.open]));
    box.innerHTML = html;
    for (const each of box.querySelectorAll("details[data-part]")) if (open.has(each.dataset.part)) each.open ||= open.get(each.dataset.part);
    equip();
    const again = inside && document.getElementById(inside.id);
    if (!again) return;
    if (said !== null && again.tagName !== "SELECT") again.value = said;
    again.focus({ preventScroll: true });
  }

  equip() {
    for (const each of this.form.querySelectorAll("[data-builds]")) new ConditionBuilder(each, this);
    for (const each of this.form.querySelectorAll("[data-reward]")) new RewardEditor(each, this);
  }

  marked(marks) {
    this.source.mark(marks);
    const errors = marks.filter((each) => each.severity === "error").length, box = document.getElementById("marks");
    const said = errors ? this.text("mistakes", { count: errors }) : this.text("no_mistakes");
    const more = marks.length > errors ? `, ${this.text("warnings", { count: marks.length - errors })}` : "";
    const list = element("ul", {}, ...marks.map((each) => {
      const go = element("button", { type: "button", className: "mark-go" }, ...inCode(`${this.text("line_of", { line: each.line })}: ${each.text}`));
      go.addEventListener("click", () => this.goTo(each.line, each.column, each.section));
      return element("li", { className: `mark-of-${each.severity}` }, go, ...(each.todo ? [element("span", { className: "quiet" }, ...inCode(` ${each.todo}`))] : []));
    }));
    box.replaceChildren(element("p", { className: errors ? "wrong" : "quiet", textContent: said + more }), list);
    const count = document.getElementById("tab-count");
    count.hidden = !errors;
    count.textContent = errors;
  }

  goTo(line, column = 1) {
    this.show("text");
    this.source.go(line, column);
    this.follow(line);
  }

  show(pane) {
    this.root.dataset.show = pane;
    for (const each of this.root.querySelectorAll("[data-pane]")) each.setAttribute("aria-pressed", String(each.dataset.pane === pane));
    if (pane === "text") this.source.draw();
  }

  state(said, tone = "") {
    const state = document.getElementById("state");
    state.textContent = said;
    state.dataset.tone = tone;
  }

  wrong(said) {
    document.getElementById("wrong").hidden = !said;
    document.getElementById("wrong-said").textContent = said;
  }

  // Form and text follow each other --------------------------------------------------------------------------------------

  sectionAt(line) {
    const lines = this.source.value.split("\n").slice(0, line);
    let inner = "";
    for (let at = lines.length - 1; at >= 0; at--) {
      const key = /^([A-Za-z_][\w-]*):/.exec(lines[at]);
      const below = /^ {1,8}["']?([\w.-]+)["']?:/.exec(lines[at]);
      if (below && (!inner || lines[at].search(/\S/) < inner.room)) inner = { name: below[1], room: lines[at].search(/\S/) };
      if (!key) continue;
      const found = Object.entries(this.sections).find(([, keys]) => keys.includes(key[1]))?.[0] ?? "basics";
      return key[1] === "mechanics" && inner ? `mechanics.${inner.name}` : found;
    }
    return "basics";
  }

  follow(line) {
    const section = this.sectionAt(line);
    clearTimeout(this.following);
    if (section !== this.section) this.following = setTimeout(() => this.open(section, false), 300);
  }

  async open(section, reveal = true) {
    this.section = section;
    history.replaceState(null, "", `?section=${encodeURIComponent(section)}`);
    if (this.dirty || this.saving) await this.save();
    else {
      try {
        this.shown(await this.ask(`${this.root.dataset.form}?section=${encodeURIComponent(section)}`), section);
      } catch (why) { this.wrong(why.message); }
    }
    if (!reveal) return;
    const first = this.form.querySelector("[data-line]:not([data-line='0'])");
    if (first) this.source.light(Number(first.dataset.line));
  }

  // Listening --------------------------------------------------------------------------------------------------------------

  listen() {
    this.root.addEventListener("click", (event) => this.clicked(event));
    this.form.addEventListener("change", (event) => this.edited(event.target));
    this.form.addEventListener("focusin", (event) => {
      const line = Number(event.target.closest("[data-line]")?.dataset.line ?? 0);
      if (line) this.source.light(line);
    });
    document.getElementById("undo").addEventListener("click", () => this.source.undo());
    document.getElementById("redo").addEventListener("click", () => this.source.redo());
    document.addEventListener("keydown", (event) => this.pressed(event));
    addEventListener("beforeunload", (event) => { if (this.dirty || this.saving) event.preventDefault(); });
    addEventListener("pagehide", () => { if (this.dirty) this.keepHere(); });
    addEventListener("online", () => { if (this.dirty) this.save(); });
    document.getElementById("moved-mine").addEventListener("click", () => this.save(true));
    document.getElementById("moved-theirs").addEventListener("click", () => {
      this.moved = false;
      this.changes = [];
      this.revision = this.theirs.revision;
      this.source.put(this.theirs.theirs);
      document.getElementById("moved").hidden = true;
      this.save();
    });
    document.getElementById("finish").addEventListener("click", async (event) => {
      if (!this.dirty && !this.saving) return;
      event.preventDefault();
      await this.save();
      if (!this.dirty) location.assign(event.target.href);
    });
  }

  pressed(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const inForm = this.form.contains(event.target) && event.target.value !== event.target.defaultValue;
    const key = event.key.toLowerCase();
    if ((key === "z" || key === "y") && !inForm) {
      event.preventDefault();
      if (key === "y" || event.shiftKey) this.source.redo();
      else this.source.undo();
    } else if (key === "s") {
      event.preventDefault();
      this.save();
    }
  }

  edited(field) {
    if (field.dataset.renames !== undefined) this.renamed(field);
    else if (field.dataset.appends) {
      const into = document.getElementById(field.dataset.appends);
      into.value = [...into.value.split("\n").filter(Boolean), field.value].join("\n");
      this.edited(into);
    } else if (field.closest("[data-names]")) {
      const box = field.closest("[data-names]");
      const typed = [...box.querySelectorAll("input:checked")].map((each) => each.value);
      this.change({ act: "set", path: box.dataset.names, typed });
    } else if (field.dataset.path) {
      this.change({ act: "set", path: field.dataset.path, typed: "lines" in field.dataset ? field.value.split("\n") : field.value });
    }
  }

  clicked(event) {
    const from = event.target.closest("[data-section],[data-act],[data-adds],[data-puts],[data-languages],[data-goto],[data-pane]");
    if (!from || from === this.root || from.disabled) return;
    const told = from.dataset;
    if (told.pane) this.show(told.pane);
    else if (told.goto) this.goTo(Number(told.goto));
    else if (told.act === "remove") this.removed(told);
    else if (told.act) this.change({ act: told.act, path: told.path });
    else if (told.puts) this.change({ act: "put", path: told.puts, data: JSON.parse(told.new) });
    else if (told.languages) this.byLanguage(told.languages, from);
    else if (told.adds !== undefined) this.add(told);
    else if (told.section) {
      event.preventDefault();
      this.show("form");
      this.open(told.section);
    }
  }

  async renamed(field) {
    const path = field.dataset.renames, name = field.value.trim(), old = field.defaultValue;
    if (!name || name === old) return;
    if (old && !(await this.doubts.sure("rename", path, { old, name }))) { field.value = old; return; }
    if (path === this.section && path.startsWith("mechanics.")) this.section = `mechanics.${name}`;
    this.change(old ? { act: "rename", path, name } : { act: "set", path, typed: name });
  }

  async removed(told) {
    if (!(await this.doubts.sure("remove", told.path, { old: told.called }))) return;
    if (told.after) this.section = told.after;
    this.change({ act: "remove", path: told.path });
  }

  byLanguage(path, from) {
    const said = from.closest(".field").querySelector("[data-path]").value;
    this.change({ act: "put", path, data: { "zh-Hans": said, en: said } });
  }

  add(told) {
    const field = told.name ? document.getElementById(told.name) : null;
    if (told.kind) {
      const taken = (name) => this.root.querySelector(`[data-section="mechanics.${name}"]`);
      let name = told.kind.replaceAll("_", "-"), number = 2;
      while (taken(name)) name = `${told.kind.replaceAll("_", "-")}-${number++}`;
      this.section = `mechanics.${name}`;
      this.change({ act: "add", path: "mechanics", name, data: JSON.parse(told.new) });
    } else if (field && !field.value.trim()) field.focus();
    else this.change({ act: "add", path: told.adds, name: field?.value.trim() ?? "" });
  }
}

new Editor(document.getElementById("editor"));
