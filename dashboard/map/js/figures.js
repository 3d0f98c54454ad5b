/* The figures of the plan inside the map: they follow a drop at once, not only when the server has answered. */
GM.Figures = L.Control.extend({
  initialize(texts, board) {
    L.Control.prototype.initialize.call(this, {position: "topleft"});
    Object.assign(this, {texts, board, whole: new Intl.NumberFormat("en"), tenth: new Intl.NumberFormat("en", {minimumFractionDigits: 1, maximumFractionDigits: 1})});
  },

  onAdd() {
    const {texts} = this;
    this.box = L.DomUtil.create("section", "gm-figures");
    this.box.setAttribute("aria-label", texts.figures);
    L.DomEvent.disableClickPropagation(this.box);
    this.cards = {missing: this._card(texts.missing, texts.persons), weak: this._card(texts.weakGrids, texts.grids), people: this._card(texts.sent, texts.persons), way: this._card(texts.way, texts.hours)};
    this._leadToList(this.cards.weak.card);
    return this.box;
  },

  /** The weak grids lead to their list beside the map. */
  _leadToList(card) {
    const lead = () => {
      const row = window.parent.document.querySelector(".st-key-worklist .gm-work button[tabindex='0']");
      if (!row) return;
      row.scrollIntoView({block: "nearest"});
      row.focus();
    };
    card.setAttribute("role", "button");
    card.tabIndex = 0;
    card.addEventListener("click", lead);
    card.addEventListener("keydown", event => event.key === "Enter" && lead());
  },

  _card(label, unit) {
    const card = L.DomUtil.create("div", "gm-figure", this.box);
    card.setAttribute("role", "group");
    card.setAttribute("aria-label", label);
    L.DomUtil.create("span", "", card).textContent = label;
    const change = L.DomUtil.create("small", "", card), value = L.DomUtil.create("b", "", card);
    const number = document.createTextNode("");
    value.append(number);
    L.DomUtil.create("i", "", value).textContent = unit;
    return {card, number, change};
  },

  /** Show the figures as the board counts them now. */
  show() {
    const {texts, whole, tenth} = this, {need, missing, weak, people, moves, travel, missing_before: lacked, weak_before: weakBefore} = this.board.figures;
    const gap = value => GM.balance(need, need - value, 0).gap;
    this._both(this.cards.missing, gap(lacked), gap(missing));
    this._both(this.cards.weak, weakBefore, weak);
    this._fill(this.cards.people, whole.format(people), GM.fill(moves === 1 ? texts.oneMove : texts.moves, {n: moves}), "even");
    const each = people > 0 ? GM.fill(texts.walkOnAverage, {minutes: Math.round(travel / people)}) : "";
    this._fill(this.cards.way, tenth.format(Math.max(travel, 0) / 60), each, "even");
  },

  _both(card, before, after) {
    const words = before === after ? this.texts.unchanged : GM.fill(this.texts.without, {before: GM.shownText(before)});
    this._fill(card, GM.shownText(after), words, after < before ? "good" : after > before ? "bad" : "even");
  },

  _fill({card, number, change}, value, words, tone) {
    number.nodeValue = value;
    change.textContent = words;
    card.dataset.tone = tone;
  },
});
