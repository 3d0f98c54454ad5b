// Does what a page asks for by an element (dashboard.kit.widgets): its policy lets no script inside the page run.
(() => {
  const UPLOADER = '[data-testid="stFileUploaderDropzone"] button, [data-testid="stFileUploaderDropzoneInput"]';
  const FOLLOWED_MS = 4000;
  const DOWNLOAD = /^\/download\/[\w-]+$/;
  // Where Streamlit puts phrases of its own into the page; elsewhere a text may be anybody's.
  const SPOKEN = ["aria-label", "aria-valuetext", "placeholder", "title"];
  const OWN_TEXTS = '[data-testid="stSkipToContent"], [data-testid="stSelectboxVirtualDropdown"], [data-testid="InputInstructions"], ' +
    '[data-testid="stDateInputCalendar"], [data-testid="stDialog"], [data-live-announcer], [role="log"], [id^="react-aria"], [data-visually-hidden]';
  const original = new WeakMap();
  let uploader = "";
  let phrases = new Map(), patterns = [];

  const TASKS = {
    language: value => { document.documentElement.lang = value; },
    view: bringIntoView,
    download: value => { if (DOWNLOAD.test(value)) location.assign(value); },
    uploader: value => { uploader = value; },
    phrases: takePhrases,
    connection: value => dispatchEvent(new CustomEvent("gridmuster:words", {detail: JSON.parse(value)})),
  };

  // What is drawn meanwhile moves what was brought into view: it is followed until the page rests or somebody scrolls.
  function bringIntoView(value) {
    const part = document.querySelector(`.st-key-${CSS.escape(value)}`), block = part?.closest('[data-testid="stMainBlockContainer"]');
    part?.scrollIntoView({behavior: "smooth"});
    if (!block) return;
    const growth = new ResizeObserver(() => part.isConnected && part.scrollIntoView({behavior: "instant"}));
    const events = ["wheel", "touchmove", "pointerdown", "keydown"], end = () => {
      growth.disconnect();
      for (const event of events) removeEventListener(event, end, true);
    };
    for (const event of events) addEventListener(event, end, true);
    setTimeout(end, FOLLOWED_MS);
    growth.observe(block);
  }

  // Streamlit's uploader has an English name that cannot be set: screen readers get ours, as eyes do by the style sheet.
  function nameUploader() {
    if (!uploader) return;
    for (const part of document.querySelectorAll(UPLOADER)) {
      if (part.getAttribute("aria-label") !== uploader) part.setAttribute("aria-label", uploader);
    }
  }

  function takePhrases(value) {
    if (value === takePhrases.last) return;
    takePhrases.last = value;
    const all = Object.entries(JSON.parse(value));
    phrases = new Map(all);
    patterns = all.filter(([phrase]) => /[#@]/.test(phrase)).map(([phrase, own]) => [asPattern(phrase), own]);
    reword(document.documentElement);
  }

  // "#" is whatever stands there, "@" a day in English.
  function asPattern(phrase) {
    const [before, after] = phrase.split(/[#@]/).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${before}(${phrase.includes("@") ? "[\\w, ]+ \\d{4}" : ".+"})${after}$`);
  }

  function ownWords(phrase) {
    if (phrases.has(phrase)) return phrases.get(phrase);
    for (const [pattern, own] of patterns) {
      const rest = pattern.exec(phrase)?.[1];
      if (rest) return own.replace("#", () => rest).replace("@", () => dayWords(rest));
    }
    return phrase;
  }

  function dayWords(day) {
    const date = new Date(day);
    return isNaN(date) ? day : date.toLocaleDateString(document.documentElement.lang, {dateStyle: "full"});
  }

  // What Streamlit had said is kept, so that another language begins from there.
  function rewordOne(node, name, now, write) {
    if (!now || !now.trim()) return;
    const kept = original.get(node) ?? {}, before = kept[name]?.own === now ? kept[name].phrase : now;
    const own = ownWords(before.trim());
    if (own === now || (own === before.trim() && before === now)) return;
    original.set(node, {...kept, [name]: {phrase: before, own}});
    write(own);
  }

  function reword(root) {
    if (root.nodeType === Node.TEXT_NODE) {
      if (root.parentElement?.closest(OWN_TEXTS)) rewordOne(root, "", root.data, own => { root.data = own; });
      return;
    }
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    for (const node of [root, ...root.querySelectorAll(SPOKEN.map(name => `[${name}]`).join())]) rewordAttributes(node);
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) reword(texts.currentNode);
  }

  function rewordAttributes(node) {
    for (const name of SPOKEN) rewordOne(node, name, node.getAttribute(name), own => node.setAttribute(name, own));
  }

  // The sidebar is there only where it is the menu: it goes when a page was chosen, or something beside it.
  document.addEventListener("click", event => {
    const menu = document.querySelector('[data-testid="stSidebar"][data-collapsed="false"]');
    if (!menu || (menu.contains(event.target) && !event.target.closest('[data-testid="stSidebarNavLink"]'))) return;
    setTimeout(() => menu.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click());
  }, true);

  // Streamlit writes the whole address from what the server knows of it; who else keeps something there must hear of it.
  for (const name of ["pushState", "replaceState"]) {
    const write = history[name].bind(history);
    history[name] = (...values) => {
      write(...values);
      dispatchEvent(new Event("gridmuster:address"));
    };
  }
  addEventListener("popstate", () => dispatchEvent(new Event("gridmuster:address")));

  function asksIn(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    return [...(node.matches("[data-gm]") ? [node] : []), ...node.querySelectorAll("[data-gm]")];
  }

  new MutationObserver(changes => {
    const added = changes.flatMap(change => [...change.addedNodes]);
    for (const ask of added.flatMap(asksIn)) TASKS[ask.dataset.gm]?.(ask.dataset.value ?? "");
    nameUploader();
    for (const node of added) reword(node);
    for (const change of changes) {
      if (change.type === "attributes") rewordAttributes(change.target);
      if (change.type === "characterData") reword(change.target);
    }
  }).observe(document.documentElement, {childList: true, subtree: true, characterData: true, attributeFilter: SPOKEN});
})();
