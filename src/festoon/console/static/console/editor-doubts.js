// Before something gets another name or is taken out: who names it. Nothing is changed before one has said yes.
"use strict";

class Doubts {
  constructor(editor) {
    this.editor = editor;
    this.dialog = document.getElementById("asks");
  }

  // Where nobody names it, or nobody can tell, there is nothing to ask.
  async sure(act, path, names) {
    const uses = await this.uses(act, path);
    if (!uses.length) return true;
    this.say("title", this.editor.text(`${act}_title`, names));
    this.say("why", this.editor.text(`${act}_why`));
    this.say("yes", this.editor.text(`${act}_yes`));
    const published = act === "rename" && "published" in this.editor.root.dataset && path.startsWith("mechanics");
    this.say("more", published ? this.editor.text("rename_published") : "");
    document.getElementById("asks-uses").replaceChildren(...uses.map((use) => this.use(use)));
    this.dialog.returnValue = "no";
    this.dialog.showModal();
    await new Promise((closed) => this.dialog.addEventListener("close", closed, { once: true }));
    return this.dialog.returnValue === "yes";
  }

  async uses(act, path) {
    const { source, root } = this.editor;
    try {
      return (await this.editor.ask(root.dataset.uses, { act, path, text: source.value })).uses ?? [];
    } catch {
      return [];
    }
  }

  use({ line, text }) {
    const go = element("button", { type: "button", className: "mark-go", textContent: this.editor.text("line_of", { line }) });
    go.addEventListener("click", () => {
      this.dialog.close("no");
      this.editor.goTo(line);
    });
    return element("li", {}, go, " ", element("code", { textContent: text.length > 90 ? `${text.slice(0, 90)}…` : text }));
  }

  say(what, said) { document.getElementById(`asks-${what}`).textContent = said; }
}
