/* Streamlit's uploader has an English name that cannot be set: screen readers get ours, as eyes do by the style sheet. */
window.gmNameUploader = words => {
  const parts = '[data-testid="stFileUploaderDropzone"] button, [data-testid="stFileUploaderDropzoneInput"]';
  const name = () => document.querySelectorAll(parts).forEach(part => part.setAttribute("aria-label", words));
  if (window.gmNaming) window.gmNaming.disconnect();
  window.gmNaming = new MutationObserver(name);
  window.gmNaming.observe(document.body, {childList: true, subtree: true});
  name();
};
