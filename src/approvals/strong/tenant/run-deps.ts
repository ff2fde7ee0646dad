import type { ApprovalDeps, DeviceDeps } from '../../deps.ts';

/** What the work on a device request needs. */
export type RunDeps = ApprovalDeps & { readonly device: DeviceDeps };
