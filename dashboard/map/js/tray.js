/* The tray of teams inside the map: searched, filtered, dragged from, and dragged back to. */
GM.Tray = L.Control.extend({
  initialize(texts, board, {drag, choose}) {
    L.Control.prototype.initialize.call(this, {position: "topright"});
    Object.assign(this, {texts, board, drag, choose, words: "", onlyFree: false, onlyReach: false, skill: "", target: -1, most: 1000, atOnce: 40, chips: new Map()});
  },

  onAdd() {
    const {texts} = this;
    this.box = L.DomUtil.create("section", "gm-tray");
    this.box.setAttribute("aria-label", texts.title);
    L.DomEvent.disableClickPropagation(this.box);
    L.DomEvent.disableScrollPropagation(this.box);
    const head = L.DomUtil.create("header", "", this.box);
    L.DomUtil.create("b", "", head).textContent = texts.title;
    this.count = L.DomUtil.create("small", "", head);
    this._foldable(head);
    this._filters();
    this.list = L.DomUtil.create("ul", "", this.box);
    this.list.addEventListener("keydown", event => this._press(event));
    this.list.addEventListener("click", ({target}) => {
      const item = target.closest(".gm-chip");
      if (item && !this.drag.moved) this.choose(item.dataset.team);
    });
    this.drag.attach(this.list, ({target}) => {
      const element = target.closest(".gm-chip");
      return element && {element, cargo: this.cargo(element.dataset.team)};
    });
    this.list.addEventListener("focusin", event => this._stopAt(event.target));
    L.DomUtil.create("footer", "", this.box).textContent = texts.hint;
    return this.box;
  },

  /** The tray folds away, so that nothing is hidden below it; where there is little room it begins folded. */
  _foldable(head) {
    const fold = L.DomUtil.create("button", "gm-fold", head);
    fold.type = "button";
    fold.addEventListener("click", () => this.fold(!this.isFolded));
    this.foldButton = fold;
    this.fold(this._map.getSize().x < 560);
  },

  fold(isFolded) {
    this.isFolded = isFolded;
    this.box.classList.toggle("gm-folded", isFolded);
    this.foldButton.textContent = isFolded ? "▸" : "▾";
    this.foldButton.setAttribute("aria-label", isFolded ? this.texts.unfold : this.texts.fold);
    this.foldButton.setAttribute("aria-expanded", String(!isFolded));
    GM.emit("fold", isFolded);
  },

  /** Pixels of the map that the tray covers from the right. */
  width() {
    return this.box && !this.isFolded ? this.box.offsetWidth : 0;
  },

  _filters() {
    const {texts} = this, row = L.DomUtil.create("div", "gm-filters", this.box);
    const search = L.DomUtil.create("input", "", row);
    search.type = "search";
    search.placeholder = texts.search;
    search.setAttribute("aria-label", texts.search);
    search.addEventListener("input", () => this._filter({words: search.value.trim().toLowerCase()}));
    this.freeSwitch = this._switch(row, texts.free, "onlyFree");
    this.reachSwitch = this._switch(row, texts.reach, "onlyReach");
    this.reachSwitch.title = texts.reachHelp;
    this.skills = L.DomUtil.create("select", "", row);
    this.skills.setAttribute("aria-label", texts.anySkill);
    this.skills.addEventListener("change", () => this._filter({skill: this.skills.value}));
  },

  _switch(row, label, name) {
    const button = L.DomUtil.create("button", "", row);
    button.type = "button";
    button.textContent = label;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!this[name]));
      this._filter({[name]: !this[name]});
    });
    return button;
  },

  _filter(change) {
    Object.assign(this, change);
    this.show();
  },

  /** Show the teams as the board has them now. */
  show() {
    const {board, texts} = this, {teams} = board.ground;
    this._offerSkills(teams);
    this.reachSwitch.disabled = this.target < 0;
    const rank = team => (board.movesOf(team).length ? 0 : team.code === this.chosen ? 1 : board.free(team) > 0 ? 2 : 3);
    const fitting = teams.filter(team => this._fits(team)).map((team, nth) => [rank(team), nth, team]);
    const shown = fitting.sort((one, other) => one[0] - other[0] || one[1] - other[1]).slice(0, this.most).map(([, , team]) => team);
    this.count.textContent = GM.fill(texts.count, {shown: fitting.length.toLocaleString("en"), all: teams.length.toLocaleString("en")});
    for (const [code, chip] of this.chips) if (!board.teams.has(code)) this._drop(code, chip);
    const isFirst = !this.chips.size && shown.length > this.atOnce, items = (isFirst ? shown.slice(0, this.atOnce) : shown).map(team => this._chip(team));
    if (isFirst) GM.afterPaint(() => this.show());
    if (!items.length) items.push(this._none(teams.length ? texts.noTeams : texts.noTeamsAtAll));
    this._arrange(items);
    const first = shown.length ? items[0] : null;
    if (first && (!this.stop || !this.list.contains(this.stop))) this._stopAt(first);
  },

  /** Put the chips in order; those that stand right are not touched, for a thousand take long to lay out. */
  _arrange(items) {
    const wanted = new Set(items);
    for (const item of Array.from(this.list.children)) if (!wanted.has(item)) item.remove();
    let next = this.list.firstChild;
    for (const item of items) {
      if (item === next) next = next.nextSibling;
      else this.list.insertBefore(item, next);
    }
  },

  _press(event) {
    const item = event.target.closest(".gm-chip");
    if (event.key !== "Enter" || !item) return this._walk(event);
    event.stopPropagation(); // the map below would take it for a press on its middle
    this.choose(item.dataset.team, true);
  },

  /** The list is one stop of the Tab key: arrows, Home and End move inside. */
  _walk(event) {
    const items = [...this.list.querySelectorAll(".gm-chip")], k = items.indexOf(document.activeElement);
    const to = {ArrowDown: k + 1, ArrowUp: k - 1, Home: 0, End: items.length - 1}[event.key];
    if (to === undefined || k < 0) return;
    event.preventDefault();
    items[Math.min(Math.max(to, 0), items.length - 1)].focus();
  },

  _stopAt(item) {
    if (this.stop) this.stop.tabIndex = -1;
    this.stop = item;
    item.tabIndex = 0;
  },

  _drop(code, chip) {
    chip.item.remove();
    this.chips.delete(code);
  },

  _none(words) {
    const item = L.DomUtil.create("li", "gm-nobody");
    item.textContent = words;
    return item;
  },

  _offerSkills(teams) {
    const skills = [...new Set(teams.flatMap(team => team.skills))].sort(), key = skills.join();
    if (this.skillKey === key) return;
    this.skillKey = key;
    this.skills.replaceChildren(new Option(this.texts.anySkill, ""), ...skills.map(skill => new Option(skill, skill)));
  },

  _fits(team) {
    const {board} = this, said = `${team.name} ${team.role} ${team.skills.join(" ")} ${team.homeName}`.toLowerCase();
    return (!this.words || said.includes(this.words))
      && (!this.onlyFree || board.free(team) > 0)
      && (!this.skill || team.skills.includes(this.skill))
      && (!this.onlyReach || this.target < 0 || board.inReach(team, this.target));
  },

  /** A chip is made once and filled anew, so that focus and scroll stay. */
  _chip(team) {
    let chip = this.chips.get(team.code);
    if (!chip) {
      chip = {item: L.DomUtil.create("li", "gm-chip")};
      chip.item.dataset.team = team.code;
      chip.item.tabIndex = -1;
      this.chips.set(team.code, chip);
    }
    const state = this._state(team), key = [team.name, team.size, team.role, team.skills, team.homeName, state.words, state.tone].join("|");
    const current = String(this.chosen === team.code);
    if (chip.item.getAttribute("aria-current") !== current) chip.item.setAttribute("aria-current", current);
    if (chip.key !== key) this._fill(chip, team, state);
    chip.key = key;
    return chip.item;
  },

  _fill({item}, team, state) {
    item.replaceChildren();
    item.dataset.tone = state.tone;
    const head = L.DomUtil.create("div", "", item);
    L.DomUtil.create("b", "", head).textContent = team.name;
    L.DomUtil.create("em", "", head).textContent = GM.fill(team.size === 1 ? this.texts.onePerson : this.texts.people, {n: team.size});
    const facts = L.DomUtil.create("small", "", item), where = L.DomUtil.create("div", "", item);
    facts.textContent = facts.title = [team.role, team.skills.join("、")].filter(Boolean).join(" · ");
    L.DomUtil.create("span", "gm-home", where).textContent = team.homeName;
    L.DomUtil.create("span", "gm-state", where).textContent = state.words;
  },

  _state(team) {
    const {board, texts} = this, moves = board.movesOf(team);
    if (moves.length) {
      return {tone: "planned", words: this._toGrids(team, moves)};
    }
    if (team.sentTo) return {tone: team.free > 0 ? "part" : "away", words: GM.fill(texts.away, {grid: team.sentTo})};
    return {tone: "free", words: texts.atHome};
  },

  /** Where a team goes: grids with the people of each where there are several, and how many of the team that is. */
  _toGrids(team, moves) {
    const {board, texts} = this, people = moves.reduce((sum, move) => sum + move.people, 0);
    const nameOf = code => board.row.has(code) ? board.names[board.row.get(code)] : code;
    const count = n => GM.fill(n === 1 ? texts.onePerson : texts.people, {n}).replaceAll(" ", "\u00a0");
    const grids = moves.map(move => moves.length > 1 ? `${nameOf(move.grid)} ${count(move.people)}` : nameOf(move.grid));
    const words = GM.fill(texts.planned, {grid: grids.join("、")});
    return people < team.size ? `${words} · ${GM.fill(texts.part, {n: people, size: team.size})}` : words;
  },

  /** What is lifted when a team is dragged: as many as Python was told to send of it, else all who are not under orders. */
  cargo(code) {
    const team = this.board.teams.get(code), {part} = this.board.plan;
    const people = part && part.team === code ? part.people : team.free || team.size;
    return {team, people, from: "", label: `${team.name} ${GM.fill(people === 1 ? this.texts.onePerson : this.texts.people, {n: people})}`};
  },
});
