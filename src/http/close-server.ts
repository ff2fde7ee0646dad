import type { Server } from 'node:http';

/**
 * Stops listening, drops idle connections, and lets running answers end.
 * @param graceMs milliseconds after which the rest is cut off (event streams never end by themselves)
 */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  const deadline = setTimeout(() => {
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearTimeout(deadline);
}
