// The text of a plan: a plain textarea with line numbers, colours and marks laid under it, and an undo of its own that
// also takes back what the form did. Only the lines one can see are drawn.
"use strict";

class PlanText {
  constructor(root, changed, moved) {
    this.field = root.querySelector(".code textarea");
    this.gutter = root.querySelector(".code-gutter");
    this.back = root.querySelector(".code-back");
    this.changed = changed;
    this.marks = [];
    this.past = [];
    this.future = [];
    this.last = this.state();
    this.lit = 0;
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("scroll", () => this.draw());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    for (const name of ["keyup", "click"]) this.field.addEventListener(name, () => moved(this.line()));
    new ResizeObserver(() => this.draw()).observe(this.field);
    this.draw();
  }

  get value() { return this.field.value; }

  // What the page came with.
  get given() { return this.field.defaultValue; }

  state() { return { text: this.field.value, at: this.field.selectionStart, time: Date.now() }; }

  // What is typed without a pause is taken back together.
  typed() {
    if (Date.now() - this.last.time > 600 || !this.past.length) this.past.push(this.last);
    if (this.past.length > 500) this.past.shift();
    this.future = [];
    this.last = this.state();
    this.lit = 0;
    this.draw();
    this.changed();
  }

  // Another text, as a form made it or another window saved it: one step to take back.
  put(text) {
    if (text === this.value) return;
    this.past.push(this.last);
    this.future = [];
    this.show(text, null);
  }

  show(text, at) {
    const top = this.field.scrollTop, left = this.field.scrollLeft, start = at ?? this.field.selectionStart;
    this.field.value = text;
    this.field.setSelectionRange(start, start);
    this.field.scrollTop = top;
    this.field.scrollLeft = left;
    this.last = { ...this.state(), time: 0 };
    this.draw();
  }

  undo() { this.step(this.past, this.future); }
  redo() { this.step(this.future, this.past); }

  step(from, to) {
    const state = from.pop();
    if (!state) return;
    to.push(this.last);
    this.show(state.text, state.at);
    this.changed();
  }

  pressed(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (command && "[]".includes(event.key)) this.indent(event);
    else if (event.key === "Enter" && !command && !event.shiftKey && !event.isComposing) this.newline(event);
  }

  newline(event) {
    const before = this.value.slice(0, this.field.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    const room = line.match(/^ */)[0] + (/(^|[^#])*:\s*$/.test(line) && !/^\s*#/.test(line) ? "  " : "");
    event.preventDefault();
    this.insert("\n" + room);
  }

  insert(text) {
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.typed();
    this.reveal(this.line());
  }

  indent(event) {
    event.preventDefault();
    const start = this.value.lastIndexOf("\n", this.field.selectionStart - 1) + 1;
    const end = this.field.selectionEnd;
    const lines = this.value.slice(start, end).split("\n");
    const made = lines.map((line) => (event.key === "]" ? "  " + line : line.replace(/^ {1,2}/, ""))).join("\n");
    this.field.setRangeText(made, start, end, "select");
    this.typed();
  }

  line() { return this.value.slice(0, this.field.selectionStart).split("\n").length; }

  height() { return parseFloat(getComputedStyle(this.field).lineHeight); }

  reveal(line) {
    const top = (line - 1) * this.height(), field = this.field;
    if (top < field.scrollTop || top > field.scrollTop + field.clientHeight - 3 * this.height()) {
      field.scrollTop = Math.max(0, top - field.clientHeight / 3);
    }
  }

  // Show a line, and put the cursor there when one wants to go on writing in it.
  light(line) {
    this.lit = line;
    this.reveal(line);
    this.draw();
  }

  go(line, column = 1) {
    const lines = this.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    this.field.focus();
    this.field.setSelectionRange(start + column - 1, start + column - 1);
    this.light(line);
  }

  mark(marks) {
    this.marks = marks;
    this.draw();
  }

  // Once before the next picture, however much happens till then.
  draw() {
    this.drawing ??= requestAnimationFrame(() => { this.drawing = null; this.drawNow(); });
  }

  drawNow() {
    const height = this.height(), field = this.field, lines = this.value.split("\n");
    const first = Math.max(0, Math.floor(field.scrollTop / height) - 3);
    const last = Math.min(lines.length, first + Math.ceil(field.clientHeight / height) + 8);
    const numbers = document.createDocumentFragment(), texts = document.createDocumentFragment();
    for (let at = first; at < last; at++) {
      const marks = this.marks.filter((mark) => mark.line === at + 1);
      numbers.append(this.number(at + 1, marks));
      texts.append(this.coloured(lines[at], marks, at + 1 === this.lit));
    }
    this.gutter.replaceChildren(numbers);
    this.back.replaceChildren(texts);
    const top = `${first * height - field.scrollTop}px`;
    this.gutter.style.transform = `translateY(${top})`;
    this.back.style.transform = `translate(${-field.scrollLeft}px, ${top})`;
  }

  number(line, marks) {
    const row = document.createElement("div");
    row.textContent = line;
    const worst = marks.find((mark) => mark.severity === "error") ?? marks[0];
    if (worst) {
      row.className = `gutter-${worst.severity}`;
      row.title = marks.map((mark) => mark.text).join("\n");
    }
    return row;
  }

  coloured(line, marks, lit) {
    const row = document.createElement("div");
    if (lit) row.className = "code-lit";
    const mark = marks.find((each) => each.severity === "error") ?? marks[0];
    let at = 0;
    const from = mark ? Math.min(mark.column - 1, Math.max(line.length - 1, 0)) : -1;
    const until = mark ? from + Math.max(/^[^\s,{}[\]]*/.exec(line.slice(from))[0].length, 1) : -1;
    for (const [text, kind] of parts(line)) {
      for (const piece of cut(text, at, from, until)) {
        const span = document.createElement("span");
        span.textContent = piece.text;
        span.className = [kind, piece.marked ? `mark-${mark.severity}` : ""].join(" ").trim();
        row.append(span);
      }
      at += text.length;
    }
    if (!line) row.append(mark ? Object.assign(document.createElement("span"), { className: `mark-${mark.severity}`, textContent: " " }) : "\u200b");
    return row;
  }
}

// Comments, keys, texts in quotes, numbers: enough to find one's way, no more.
function* parts(line) {
  const pattern = /(^|\s)(#.*)$|("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|((?:^\s*(?:- )?|[{,]\s*)[\w.-]+)(?=:(?:\s|$))|(\b\d[\d.:%-]*(?=[\s,}\]]|$))/g;
  let at = 0;
  for (const found of line.matchAll(pattern)) {
    if (found.index > at) yield [line.slice(at, found.index), ""];
    yield [found[0], found[2] ? "c-comment" : found[3] ? "c-text" : found[4] ? "c-key" : "c-number"];
    at = found.index + found[0].length;
  }
  if (at < line.length) yield [line.slice(at), ""];
}

function* cut(text, at, from, until) {
  const places = [0, Math.min(Math.max(from - at, 0), text.length), Math.min(Math.max(until - at, 0), text.length), text.length];
  for (let each = 0; each < 3; each++) {
    if (places[each + 1] > places[each]) yield { text: text.slice(places[each], places[each + 1]), marked: each === 1 && from >= 0 };
  }
}
