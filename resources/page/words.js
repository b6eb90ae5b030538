// The words of the page in the language that is shown.

const LANGUAGES = { en: 'en', zh_CN: 'zh-Hans' };

/** Chooses among the languages of the page, and fills in the words of its elements. */
export class Words {
  constructor(table) {
    this.table = table;
    this.language = preferred(navigator.languages ?? [navigator.language]);
  }

  /** What the language in force has: title, settings, marks and so on. */
  get all() {
    return this.table[this.language];
  }

  /** The next language, by its code. */
  get other() {
    const codes = Object.keys(this.table);
    return codes[(codes.indexOf(this.language) + 1) % codes.length];
  }

  /** A label with its {fields} filled in; numbers are written with commas, texts as they are. */
  say(name, fields = {}) {
    return this.all.labels[name].replace(/\{(\w+)(?::[^}]*)?\}/g, (_, field) => written(fields[field]));
  }

  /** Write the words into all elements that name one by `data-word`. */
  fillIn(root) {
    root.documentElement.lang = LANGUAGES[this.language] ?? this.language;
    for (const element of root.querySelectorAll('[data-word]')) {
      element.textContent = this.say(element.dataset.word);
    }
  }
}

export function written(value) {
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : String(value);
}

/** Traditional Chinese has no words here, so its readers get English, as in the program. */
function preferred(tags) {
  for (const tag of tags) {
    const parts = tag.toLowerCase().split('-');
    if (parts[0] === 'en') return 'en';
    if (parts[0] === 'zh' && !parts.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part))) return 'zh_CN';
  }
  return 'en';
}
