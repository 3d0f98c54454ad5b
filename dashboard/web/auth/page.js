// Does what a page asks for by an element (dashboard.kit.widgets): its policy lets no script inside the page run.
(() => {
  const UPLOADER = '[data-testid="stFileUploaderDropzone"] button, [data-testid="stFileUploaderDropzoneInput"]';
  const DOWNLOAD = /^\/download\/[\w-]+$/;
  const PAGER = '[data-testid="stPagination"]';
  let uploader = "";
  let pager = [];

  const TASKS = {
    language: value => { document.documentElement.lang = value; },
    view: value => document.querySelector(`.st-key-${CSS.escape(value)}`)?.scrollIntoView({behavior: "smooth"}),
    download: value => { if (DOWNLOAD.test(value)) location.assign(value); },
    uploader: value => { uploader = value; },
    pager: value => { pager = value.split("|"); },
  };

  // Streamlit's uploader has an English name that cannot be set: screen readers get ours, as eyes do by the style sheet.
  function nameUploader() {
    if (!uploader) return;
    for (const part of document.querySelectorAll(UPLOADER)) part.setAttribute("aria-label", uploader);
  }

  // Of its pager too: the words for all of it, the arrows and the numbers, in this order.
  function namePager() {
    const [whole, back, on, page] = pager;
    if (!whole) return;
    for (const part of document.querySelectorAll(`${PAGER} [role="navigation"]`)) part.setAttribute("aria-label", whole);
    for (const part of document.querySelectorAll(`${PAGER} button`)) {
      const words = {stPaginationPrev: back, stPaginationNext: on}[part.dataset.testid];
      part.setAttribute("aria-label", words ?? page.replace("#", part.textContent.trim()));
    }
  }

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
    const asks = changes.flatMap(change => [...change.addedNodes]).flatMap(asksIn);
    for (const ask of asks) TASKS[ask.dataset.gm]?.(ask.dataset.value ?? "");
    nameUploader();
    namePager();
  }).observe(document.documentElement, {childList: true, subtree: true});
})();
