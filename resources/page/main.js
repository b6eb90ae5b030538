// The page: reads the run, and wires its parts together.

import { inflated } from './arrays.js';
import { Card } from './card.js';
import { Colours } from './colours.js';
import { Curves } from './curves.js';
import { copies, fillSettings } from './details.js';
import { Legend } from './legend.js';
import { Plot } from './plot.js';
import { Run } from './run.js';
import { Marks, Player } from './timeline.js';
import { Words } from './words.js';

const find = (id) => document.getElementById(id);

/** Everything on the page, for a run that has been read. */
class Page {
  constructor(data, run, words) {
    Object.assign(this, { data, run, words });
    this.system = matchMedia('(prefers-color-scheme: dark)');
    document.documentElement.dataset.theme = this.system.matches ? 'dark' : 'light';
    this.colours = new Colours(data.colors);
    const sprite = new Image();
    if (data.imageSide) sprite.src = `data:image/png;base64,${find('sprite').textContent.trim()}`;
    this.card = new Card(find('card'), sprite, data.imageSide);
    this.scene = { run, colours: this.colours, hidden: new Set(), trail: -1, ...this.#options() };
    this.player = new Player(run.frames.length, () => this.showFrame(), () => this.#namePlay());
    this.player.frame = this.scene.frame = this.#linkedFrame() ?? run.frames.length - 1;
    this.legend = new Legend(find('legend'), run, this.colours, () => this.#redraw());
    this.scene.hidden = this.legend.hidden;
    const goTo = (step) => this.player.seek(run.frameAt(step));
    this.marks = new Marks(find('marks'), find('events'), run.frames, data.marks, goTo);
    this.curves = new Curves(find('curves'), run.frames, goTo);
    find('main').hidden = false;
    this.plot = new Plot(find('plot'), find('canvas'), this.scene, (...at) => this.#hover(...at));
    this.#wire(goTo);
    this.speak();
  }

  /** What the check boxes say at first; those that a run has no use for are hidden. */
  #options() {
    const { run } = this;
    const has = (split) => run.splits.includes(split);
    const weights = run.frames.some((frame) => frame.referenceKind === 'weights');
    const centers = run.frames.some((frame) => frame.centers);
    const boxes = {
      test: ['show-test', has(0), true],
      train: ['show-train', has(1), !has(0)],
      regions: ['show-regions', run.forms.some(Boolean), true],
      bands: ['show-bands', run.bands.some((bands) => bands?.length), true],
      showReferences: ['show-references', true, weights || !centers],
      showCenters: ['show-centers', centers, true],
      errors: ['show-errors', true, false],
      unitLength: ['unit-length', !this.data.projectedFrom, run.dim === 3 && run.forms.every((form) => form?.onUnit)],
    };
    const scene = {};
    for (const [option, [id, useful, usual]] of Object.entries(boxes)) {
      const box = find(id);
      box.checked = scene[option] = useful && usual;
      box.parentElement.hidden = !useful;
      box.addEventListener('change', () => {
        this.scene[option] = box.checked;
        this.#redraw();
      });
    }
    return scene;
  }

  #wire(goTo) {
    const { player, words } = this;
    const slider = find('step');
    slider.min = this.run.frames[0].step;
    slider.max = this.run.frames.at(-1).step;
    slider.addEventListener('input', () => goTo(Number(slider.value)));
    find('play').addEventListener('click', () => player.toggle());
    find('previous').addEventListener('click', () => player.seek(player.frame - 1));
    find('next').addEventListener('click', () => player.seek(player.frame + 1));
    find('speed').addEventListener('change', (event) => (player.speed = Number(event.target.value)));
    find('fit').addEventListener('click', () => this.plot.fit());
    find('show-all').addEventListener('click', () => this.legend.showAll());
    find('theme').addEventListener('click', () => {
      this.setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
      this.speak();
    });
    this.system.addEventListener('change', (event) => {
      this.setTheme(event.matches ? 'dark' : 'light');
      this.speak();
    });
    find('language').addEventListener('click', () => {
      words.language = words.other;
      this.speak();
    });
    addEventListener('hashchange', () => {
      const frame = this.#linkedFrame();
      if (frame !== null) player.seek(frame);
    });
    document.addEventListener('keydown', (event) => this.#key(event));
    find('toml').textContent = find('loss-explorer').textContent;
    find('command').textContent = this.data.command;
    find('rerun-changes').hidden = !this.data.settingsChanged;
    find('events-section').hidden = !this.data.marks.length;
    copies(find('copy-link'), words, () => `${location.href.split('#')[0]}#step=${this.frame.step}`);
    copies(find('copy-command'), words, () => this.data.command);
    copies(find('copy-settings'), words, () => find('toml').textContent);
  }

  get frame() {
    return this.run.frames[this.player.frame];
  }

  /** The frame that the address names by #step=…, null for none. */
  #linkedFrame() {
    const match = /^#step=(\d+)$/.exec(location.hash);
    return match ? this.run.frameAt(Number(match[1])) : null;
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('select, pre')) return;
    const { player } = this;
    const actions = {
      ArrowLeft: () => player.seek(player.frame - 1),
      ArrowRight: () => player.seek(player.frame + 1),
      Home: () => player.seek(0),
      End: () => player.seek(player.count - 1),
    };
    // Space presses the button or check box that has the focus.
    if (!event.target.closest('button, input[type=checkbox]')) actions[' '] = () => player.toggle();
    if (!(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  }

  setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    this.colours.read();
    this.legend.colour();
  }

  /** Write everything in the language in force. */
  speak() {
    const { words, run } = this;
    words.fillIn(document);
    document.title = words.all.title;
    find('title').textContent = words.all.title;
    find('summary').textContent =
      words.all.title === words.all.loss ? words.all.summary : `${words.all.loss}: ${words.all.summary}`;
    find('language').textContent = words.table[words.other].language;
    find('theme').textContent = words.say(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
    const weights = run.frames.some((frame) => frame.referenceKind === 'weights');
    find('references-word').textContent = words.say(weights ? 'classWeights' : 'classMeans');
    find('canvas').setAttribute('aria-label', words.say('features'));
    find('canvas').title = words.say(run.dim === 2 ? 'zoomHelp' : 'turnHelp');
    find('step').setAttribute('aria-label', words.say('timeline'));
    find('legend').setAttribute('aria-label', words.say('classes'));
    find('options').setAttribute('aria-label', words.say('features'));
    for (const [id, word] of [['previous', 'previousFrame'], ['next', 'nextFrame']]) {
      find(id).title = words.say(word);
      find(id).setAttribute('aria-label', words.say(word));
    }
    const credits = [words.say('written', { version: this.data.version })];
    if (this.data.credit && this.data.imageSide) credits.push(words.say('credit', this.data.credit));
    find('footer').textContent = credits.join(' · ');
    fillSettings(find('settings-rows'), words.all.settings);
    this.marks.write(words);
    this.legend.write(words);
    this.#namePlay();
    this.showFrame();
  }

  /** Show the frame of the player in every part of the page. */
  showFrame() {
    const { words, frame } = this;
    this.scene.frame = this.player.frame;
    const moment = [words.say('step', { step: frame.step }), words.say('epoch', { epoch: frame.epoch })];
    find('moment').textContent = moment.join(' · ');
    const slider = find('step');
    slider.value = frame.step;
    slider.setAttribute('aria-valuetext', moment.join(', '));
    this.curves.show(this.player.frame, words); // before the list: their lines decide how much room it has
    const mark = this.marks.follow(frame.step);
    find('now').textContent =
      mark < 0 ? '' : words.say('happened', { step: this.data.marks[mark].step, text: words.all.marks[mark] });
    this.card.hide();
    this.scene.trail = -1;
    this.#redraw();
  }

  #redraw() {
    if (!this.plot) return;
    const { scene, run } = this;
    const form = run.forms[scene.frame];
    // Regions of classifiers that depend on the length hold for the plane, not for directions.
    const whole = run.dim === 2 && !scene.unitLength;
    const wanted = find('show-regions').checked;
    scene.regions = wanted && Boolean(form) && (whole || (scene.unitLength && form.byDirection));
    find('caption').textContent = this.#caption(form, wanted).join(' · ');
    this.plot.draw();
  }

  /** What is shown of how much, and what is not shown, and why. */
  #caption(form, wanted) {
    const { scene, run, words, data } = this;
    const counted = (split) => run.splits.filter((one) => one === split).length;
    const parts = [];
    if (scene.test) parts.push(words.say('testOf', { shown: counted(0), count: data.testSize }));
    if (scene.train) parts.push(words.say('trainOf', { shown: counted(1), count: data.trainSize }));
    if (!parts.length) parts.push(words.say('noneShown'));
    parts.push(words.say('framesShown', { shown: run.frames.length, count: data.totalFrames }));
    const unplaced = run.coordinates(scene.frame)[0].filter((value) => !isFinite(value)).length;
    if (unplaced) parts.push(words.say('notFinite', { count: unplaced }));
    if (data.projectedFrom) {
      parts.push(words.say('projected', { dim: data.projectedFrom, share: Math.round(100 * data.share) }));
    } else if (!form) parts.push(words.say('noRegions'));
    else if (wanted && !scene.regions) parts.push(words.say(form.byDirection ? 'regionsOnSphere' : 'regionsHidden'));
    if (run.dim === 2 && wanted && scene.regions && !run.bands[scene.frame]) parts.push(words.say('bandsBend'));
    if (scene.train && run.given(scene.frame).some((given, row) => given !== run.labels[row])) {
      parts.push(words.say('crosses'));
    }
    if (scene.showReferences && this.frame.referenceKind === 'weights' && !scene.unitLength) {
      parts.push(words.say('weightArrows'));
    }
    if (run.unseen.size) parts.push(words.say('ringsLeftOut'));
    if (!data.imageSide) parts.push(words.say('noImages'));
    return parts;
  }

  #namePlay() {
    const word = this.words.say(this.player.playing ? 'pause' : 'play');
    find('play').textContent = this.player.playing ? '❚❚' : '▶';
    find('play').title = word;
    // A screen reader would never come to an end with what happens while the run plays.
    find('now').setAttribute('aria-live', this.player.playing ? 'off' : 'polite');
    find('play').setAttribute('aria-label', word);
  }

  #hover(row, left, top) {
    if (row !== this.scene.trail) {
      this.scene.trail = row;
      this.plot.draw();
    }
    if (row < 0) this.card.hide();
    else this.card.show(this.run, this.scene.frame, row, this.words, left, top);
  }
}

/** Read the run; where that fails, say so in a sentence instead of showing half a page. */
async function start() {
  let words = null;
  try {
    const data = JSON.parse(find('data').textContent);
    words = new Words(data.words);
    if (!('DecompressionStream' in window)) {
      fail(words.say('oldBrowser'));
      return null;
    }
    return new Page(data, new Run(data, await inflated(find('arrays').textContent)), words);
  } catch {
    find('main').hidden = true;
    fail(words ? words.say('damaged') : 'This page is damaged and cannot be shown.');
    return null;
  }
}

function fail(sentence) {
  find('fault').textContent = sentence;
  find('fault').hidden = false;
}

// Under this name, tests and curious readers find what is shown.
window.lossExplorer = await start();
