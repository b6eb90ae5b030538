// Legend: a button for each class, which hides and shows it.

/** Keeps which classes are hidden; calls `onChange` when that changes. */
export class Legend {
  constructor(box, run, colours, onChange) {
    this.hidden = new Set();
    this.colours = colours;
    this.onChange = onChange;
    this.names = run.names;
    this.buttons = run.names.map((name, label) => {
      const button = document.createElement('button');
      button.type = 'button';
      const swatch = document.createElement('span');
      swatch.className = run.unseen.has(label) ? 'swatch ring' : 'swatch';
      const text = document.createElement('span');
      text.className = 'name';
      text.textContent = button.title = name;
      button.append(swatch, text);
      button.addEventListener('click', () => this.#toggle(label));
      button.addEventListener('dblclick', () => this.#isolate(label));
      return button;
    });
    box.classList.toggle('named', run.names.some((name) => name.length > 3));
    box.replaceChildren(...this.buttons);
    this.colour();
    this.#mark();
  }

  /** Take the colours of the theme in force. */
  colour() {
    this.buttons.forEach((button, label) => (button.firstChild.style.color = this.colours.ofClass(label)));
  }

  /** Name the buttons in the words of the language. */
  write(words) {
    this.buttons.forEach((button, label) => button.setAttribute('aria-label', words.say('classOf', { label: this.names[label] })));
  }

  showAll() {
    this.hidden.clear();
    this.#mark();
  }

  #toggle(label) {
    if (!this.hidden.delete(label)) this.hidden.add(label);
    this.#mark();
  }

  /** The two clicks of a double-click have hidden and shown the class again. */
  #isolate(label) {
    this.buttons.forEach((_, other) => this.hidden.add(other));
    this.hidden.delete(label);
    this.#mark();
  }

  #mark() {
    this.buttons.forEach((button, label) => button.setAttribute('aria-pressed', !this.hidden.has(label)));
    this.onChange();
  }
}
