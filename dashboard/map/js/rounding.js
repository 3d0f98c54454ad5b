/* Persons as `services.rules.rounding` rounds them for people: what is dropped is told in the same words as what is stored. */
(() => {
  const leastGap = 0.1, wholeFrom = 10, tiny = 1e-9, formats = [0, 1].map(digits => new Intl.NumberFormat("en", {minimumFractionDigits: digits, maximumFractionDigits: digits}));

  const round = (value, decimals) => Math.floor(value * 10 ** decimals + 0.5 + tiny) / 10 ** decimals;

  /** The figures of one zone, or of zones together, as they are shown: a gap is the need less what is met. */
  GM.balance = (need, met, surplus) => {
    const gap = need - met, isShort = gap >= leastGap - tiny;
    const decimals = round(need > 0 ? need : surplus, 1) < wholeFrom || (isShort && gap < 1 - tiny) ? 1 : 0;
    const shown = {need: round(need, decimals), surplus: round(surplus, decimals)};
    shown.met = isShort ? round(met, decimals) : shown.need;
    shown.gap = round(shown.need - shown.met, 1);
    return shown;
  };

  GM.balanceOf = (need, supply) => GM.balance(need, Math.min(need, supply), Math.max(supply - need, 0));

  /** Whether a grid with so many persons to spare (below 0: missing) is weak. */
  GM.isWeak = value => value <= tiny - leastGap;

  /** A figure that is rounded already, in words. */
  GM.shownText = value => formats[Number.isInteger(value) ? 0 : 1].format(value + 0);
})();
