/** Reads what the page was looking at from its address: `#U0ADA/D0ADA` or `#U0ADA/D0ADA/home`. */
export function readPlace() {
  const [user, channel, view] = location.hash.slice(1).split('/').map(decodeURIComponent);
  return { user: user || null, channel: channel || null, isHome: view === 'home' };
}

export function writePlace({ user, channel, isHome }) {
  const parts = [user, channel ?? '', ...(isHome ? ['home'] : [])].map(encodeURIComponent);
  history.replaceState(null, '', `#${parts.join('/')}`);
}
