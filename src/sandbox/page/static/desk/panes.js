/** In a narrow window the three panes are tabs: one is shown at a time. */
export function setUpPanes() {
  const buttons = [...document.querySelectorAll('.panes button')];
  const show = (pane) => {
    document.body.dataset.pane = pane;
    for (const button of buttons) {
      if (button.dataset.pane === pane) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  };
  for (const button of buttons) button.addEventListener('click', () => show(button.dataset.pane));
  return { show };
}
