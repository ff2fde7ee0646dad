const PATHS = {
  check: 'M4 10.6l4 3.9 8-9',
  home: 'M3.5 9.5L10 4l6.5 5.5M5.5 8.5V16h9V8.5',
  hash: 'M7.5 3.5l-1.5 13M14 3.5l-1.5 13M4 7.5h13M3 12.5h13',
  close: 'M5 5l10 10M15 5L5 15',
  back: 'M16 10H4.5M9 5.5L4.5 10 9 14.5',
};
const SVG = 'http://www.w3.org/2000/svg';

/** A small line drawing in the colour of the text around it; it says nothing to a screen reader. */
export function icon(name) {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(path);
  return svg;
}
