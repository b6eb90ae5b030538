// Details: the settings of the run, how to run it again, and copying.

/** Fill the table of settings in the words of the language; `rows` are label, value, default, differs. */
export function fillSettings(body, rows) {
  body.replaceChildren(...rows.map(([label, value, usual, differs]) => {
    const row = document.createElement('tr');
    row.className = differs ? 'differs' : '';
    for (const text of [label, value, usual]) row.insertCell().textContent = text;
    return row;
  }));
}

/** Copy a text when a button is pressed, and say so on the button for a moment. */
export function copies(button, words, textOf) {
  button.addEventListener('click', async () => {
    await copy(textOf());
    button.textContent = words.say('copied');
    setTimeout(() => (button.textContent = words.say(button.dataset.word)), 1500);
  });
}

/** Pages from a disk have no clipboard in some browsers: there a selected field is copied. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}
