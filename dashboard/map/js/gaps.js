/* How many people a weak grid lacks, written on it from the zoom on at which it fits. */
GM.drawGaps = (view, shapes, board, rows) => {
  const {pen} = view, [ox, oy] = view.offset(shapes.zones), {anchor} = shapes.zones;
  view.plain();
  pen.font = `600 13px ${GM.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const {boxes} = shapes, taken = [], largestFirst = [...rows].sort((one, other) => board.value(one) - board.value(other));
  for (const i of largestFirst) {
    const words = `−${GM.shownText(board.shown(i).gap)}`, width = pen.measureText(words).width + 10;
    const wide = (boxes[4 * i + 2] - boxes[4 * i]) * view.scale, high = (boxes[4 * i + 3] - boxes[4 * i + 1]) * view.scale;
    if (wide < Math.max(width, 26) || high < 26) continue;
    const x = anchor[2 * i] * view.scale + ox, y = anchor[2 * i + 1] * view.scale + oy + 13;
    const box = [x - width / 2, y - 9, x + width / 2, y + 9];
    if (taken.some(other => GM.symbols.meet(box, other))) continue;
    taken.push(box);
    pill(pen, x, y, width, words);
  }

  function pill(pen, x, y, width, words) {
    pen.fillStyle = "#7f1d1d";
    pen.beginPath();
    pen.roundRect(x - width / 2, y - 9, width, 18, 9);
    pen.strokeStyle = "#fff";
    pen.lineWidth = 3;
    pen.stroke();
    pen.fill();
    pen.fillStyle = "#fff";
    pen.fillText(words, x, y + 0.5);
  }
};
