/* How classes are filled: a colour, and for "no need" and "no data" lines over it, alike on the canvas and in a legend. */
GM.Fills = class {
  constructor(hatches) {
    this.patterns = {};
    for (const [digit, hatch] of Object.entries(hatches)) this.patterns[digit] = GM.Fills.pattern(hatch);
  }

  static pattern({colour, rises}) {
    const tile = document.createElement("canvas"), pen = tile.getContext("2d"), [from, to] = rises ? [8, 0] : [0, 8];
    tile.width = tile.height = 8;
    pen.strokeStyle = colour;
    pen.lineWidth = 1.2;
    for (const shift of [-8, 0, 8]) {
      pen.moveTo(shift, from);
      pen.lineTo(shift + 8, to);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }

  /** From now on lines are as far apart as on the screen, whatever the scale of the pen. */
  at(scale) {
    for (const pattern of Object.values(this.patterns)) pattern.setTransform(new DOMMatrix().scale(1 / scale));
  }

  fill(pen, path, digit, colours) {
    pen.fillStyle = colours[digit] || colours[9];
    pen.fill(path, "evenodd");
    if (!this.patterns[digit]) return;
    pen.fillStyle = this.patterns[digit];
    pen.fill(path, "evenodd");
  }

  /** The same as the background of a swatch. */
  static css(digit, colours, hatches) {
    const colour = colours[digit], lines = hatches[digit];
    if (!lines) return colour || "";
    const angle = lines.rises ? "135deg" : "45deg";
    return `repeating-linear-gradient(${angle}, ${colour} 0 3.4px, ${lines.colour} 3.4px 4.6px)`;
  }
};
