/** What the built-in planner is called; apart from it, so that its name can be shown before it is loaded. */
export const OFFLINE_LABEL = 'built-in offline planner';
