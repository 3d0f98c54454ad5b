/* The plan as the browser knows it: what Python said last, and what was dropped since. No server is asked to answer a hover. */
GM.Board = class {
  constructor() {
    this.plan = null;
    this.changed = new Set(); // grids that drops have changed since Python coloured them
    this.pending = [];
    this.sequence = 0;
  }

  /** Take what Python says: the plan, the ground it stands on (the same until data or orders change), the grids' names. */
  take(plan, ground, {codes, names}) {
    const done = new Set(plan.done);
    this.pending = this.pending.filter(event => event.by === plan.by && !done.has(event.id));
    if (!this.row || this.codes !== codes) this.row = new Map(codes.map((code, i) => [code, i]));
    if (this.ground !== ground) this.walks = GM.unpackWalks(ground.walks);
    if (this.ground !== ground) this.teams = new Map(ground.teams.map(team => [team.code, team]));
    Object.assign(this, {plan, ground, codes, names, changed: new Set()});
    this.work();
  }

  /** Moves of Python with the pending drops on top, the supply that follows, and Python's figures counted on from there. */
  work() {
    this.lay(this.plan.moves.map(move => ({...move})));
    const {figures} = this.plan, said = this.totals(), {balance} = this;
    const events = this.pending.filter(event => event.desk === this.plan.desk);
    if (events.length) this.lay(events.reduce((moves, event) => this.apply(moves, event), this.moves));
    const now = events.length ? this.totals() : said;
    this.figures = {...figures};
    for (const name of Object.keys(now)) this.figures[name] += now[name] - said[name];
    this.balance.forEach((persons, i) => persons !== balance[i] && this.changed.add(i));
  }

  lay(moves) {
    this.moves = moves;
    this.byTeam = new Map();
    for (const move of moves) this.byTeam.set(move.team, [...(this.byTeam.get(move.team) || []), move]);
    this.balance = new Float64Array(this.ground.need.length);
    this.leaving = new Float64Array(this.ground.need.length);
    for (const move of moves) this.add(move, 1);
  }

  add(move, sign) {
    const team = this.teams.get(move.team), to = this.row.get(move.grid);
    if (to !== undefined) this.balance[to] += sign * this.ground.attendance * move.people;
    if (!team || team.home < 0) return;
    this.balance[team.home] -= sign * this.lost(team, move.people);
    if (team.home !== to) this.leaving[team.home] += sign * this.lost(team, move.people);
  }

  /** What the home of a team loses when so many of it go: its own members, by the time they have in this window. */
  lost(team, people) {
    return team.size > 0 ? team.lost * people / team.size : 0;
  }

  apply(moves, event) {
    if (event.kind === "back") return moves.filter(move => move.team !== event.team || (event.grid && move.grid !== event.grid));
    if (event.kind !== "send" || event.asks) return moves;
    const {size} = this.teams.get(event.team) || {size: 0};
    const stay = moves.filter(move => move.team !== event.team || (event.people < size && move.grid !== event.grid && move.grid !== event.from));
    return [...stay, {team: event.team, grid: event.grid, estate: event.estate, people: event.people, pinned: false}];
  }

  /** What the moves come to, as `dashboard.pages.planning.figures` counts it. */
  totals() {
    const sum = {missing: 0, weak: 0, people: 0, moves: this.moves.length, travel: 0};
    for (let i = 0; i < this.ground.need.length; i++) {
      const value = this.value(i);
      if (value === null || value >= 0) continue;
      sum.missing -= value;
      if (GM.isWeak(value)) sum.weak++;
    }
    for (const move of this.moves) {
      const team = this.teams.get(move.team), to = this.row.get(move.grid);
      sum.people += move.people;
      if (team && to !== undefined) sum.travel += move.people * (this.minutes(team, to) || 0);
    }
    return sum;
  }

  need(i) {
    return this.ground.need[i];
  }

  supply(i) {
    return this.ground.supply[i] + this.balance[i];
  }

  /** Persons to spare (above 0) or missing (below 0); null where nobody is needed or nothing is known. */
  value(i, extra = 0) {
    const need = this.need(i);
    return need === null || !(need > 0) ? null : this.supply(i) + extra - need;
  }

  /** The figures of a grid as they are shown; null where nobody is needed or nothing is known. */
  shown(i, extra = 0) {
    return this.value(i) === null ? null : GM.balanceOf(this.need(i), this.supply(i) + extra);
  }

  /** How many more people a grid would get than it lacks. */
  excess(i, came) {
    const missing = Math.max(-(this.value(i) || 0), 0);
    return Math.max(Math.floor(came - Math.ceil(missing - 1e-9) + 1e-9), 0);
  }

  /** What a grid gains when so many of a team are ordered there: those who come, at home less whom it counted anyway. */
  gain(team, i, people) {
    return this.ground.attendance * people - (i === team.home ? this.lost(team, people) : 0);
  }

  minutes(team, i) {
    if (team.home < 0) return null;
    if (team.home === i) return 0;
    const along = this.along(team, i);
    if (along !== null && along < Infinity) return along;
    const {points} = this.ground, metres = Math.hypot(points[2 * i] - points[2 * team.home], points[2 * i + 1] - points[2 * team.home + 1]);
    const straight = metres * this.ground.minutesPerMetre;
    return along === null ? straight : Math.max(straight, this.walks.limit + 0.1);
  }

  /** Along roads; null where ways are straight lines, Infinity beyond the table, where only Python knows. */
  along(team, i) {
    return this.walks && team.home >= 0 ? this.walks.minutes(team.home, i) : null;
  }

  movesOf(team) {
    return this.byTeam.get(team.code) || [];
  }

  /** How many people of a team are neither ordered nor planned elsewhere. */
  free(team) {
    return team.free - this.movesOf(team).reduce((sum, move) => sum + move.people, 0);
  }

  /** What happens at both ends when so many of a team go to a grid: its own other moves give way where all go, else the one `from` where they come. */
  preview(team, i, people, from = "") {
    const whole = people >= team.size, code = this.codes[i];
    const gone = this.movesOf(team).filter(move => whole || move.grid === code || move.grid === from);
    gone.forEach(move => this.add(move, -1));
    const {home} = team, isHome = home === i, lost = isHome ? 0 : this.lost(team, people), came = this.gain(team, i, people);
    const rest = this.movesOf(team).filter(move => !gone.includes(move)).reduce((sum, move) => sum + move.people, 0);
    const seen = {
      i, home, people,
      minutes: this.minutes(team, i),
      beyond: this.along(team, i) === Infinity ? this.walks.limit : 0,
      receiver: [this.shown(i), this.shown(i, came)],
      excess: this.excess(i, came),
      giver: home < 0 || isHome ? null : [this.shown(home), this.shown(home, -lost)],
      left: home < 0 ? null : this.ground.supply[home] - this.leaving[home] - lost,
      lost,
      uncounted: home < 0 || isHome ? 0 : Math.round(people * (1 - team.counted)),
      busy: people > team.free - rest,
    };
    gone.forEach(move => this.add(move, 1));
    return {...seen, ...this.judge(team, seen)};
  }

  /** The same rules as `services.rules.planning`, for the label alone; Python decides. */
  judge(team, seen) {
    const {reach, floor, skills} = this.plan, asked = skills[this.codes[seen.i]] || [];
    const lacking = asked.filter(skill => !team.skills.includes(skill));
    const floorOf = seen.home < 0 || floor <= 0 ? -Infinity : (this.need(seen.home) || 0) * floor;
    if (this.plan.past) return {refused: ["past", {}]};
    if (team.size <= 0) return {refused: ["noPeople", {}]};
    if (seen.busy) return {refused: ["busy", {}]};
    if (seen.minutes === null || seen.minutes > reach) return {asks: this.tooFar(seen, reach)};
    if (lacking.length) return {asks: ["skill", {skills: lacking.join("、")}]};
    if (seen.left !== null && seen.lost > 1e-9 && seen.left < floorOf - 1e-9) return {asks: ["belowFloor", {left: Math.floor(seen.left), floor: Math.ceil(floorOf)}]};
    if (!(this.need(seen.i) > 0)) return {asks: ["noNeed", {}]};
    if (seen.excess >= this.plan.askedFrom) return {asks: ["tooMany", {missing: GM.shownText(seen.receiver[0].gap), people: seen.people, excess: seen.excess}]};
    return {};
  }

  tooFar({minutes, beyond}, limit) {
    return beyond ? ["beyondReach", {minutes: beyond, limit}] : ["outOfReach", {minutes: Math.ceil(minutes || 0), limit}];
  }

  /** Whether its home counts on everybody of a team anyway, so that calling it out there brings nobody. */
  isCounted(team) {
    return this.gain(team, team.home, team.size) < 1e-9;
  }

  inReach(team, i) {
    const minutes = this.minutes(team, i);
    return minutes !== null && minutes <= this.plan.reach;
  }

  /** Note what was done in this browser; the id is made here, so that the same drop sent twice counts once. */
  note(event) {
    const id = `${this.plan.session}-${Date.now().toString(36)}-${++this.sequence}`;
    this.pending.push({...event, id, desk: this.plan.desk, by: this.plan.by});
    this.work();
  }

  /** Take up what the same person did before the page was loaded anew and was never answered; Python makes nothing twice. */
  resume(events) {
    const known = new Set([...this.plan.done, ...this.pending.map(event => event.id)]);
    this.pending.unshift(...events.filter(event => event.by === this.plan.by && !known.has(event.id)));
    this.work();
  }
};
/* Minutes along roads from home grids, as `dashboard.payloads.drag` packs them; null where ways are straight lines. */
GM.unpackWalks = packed => {
  if (!packed) return null;
  const bytes = text => {
    const letters = atob(text), numbers = new Uint8Array(letters.length);
    for (let k = 0; k < letters.length; k++) numbers[k] = letters.charCodeAt(k); // a callback for each takes ten times as long
    return numbers.buffer;
  };
  const grids = new Uint32Array(bytes(packed.grids)), tenths = new Uint16Array(bytes(packed.tenths));
  const row = new Map(packed.homes.map((home, k) => [home, k]));
  return {
    limit: packed.limit,
    minutes(home, i) {
      const k = row.get(home);
      let low = packed.first[k], high = packed.first[k + 1] - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        if (grids[middle] === i) return tenths[middle] / 10;
        if (grids[middle] < i) low = middle + 1;
        else high = middle - 1;
      }
      return Infinity;
    },
  };
};
GM.fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
