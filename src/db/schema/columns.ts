import { customType, pgSchema, timestamp } from '../drizzle.ts';

/** The desk's own tables. */
export const desk = pgSchema('agentdesk');

/** The embedded authority's tables, reachable only by its own role. */
export const authority = pgSchema('authority');

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

/** A point in time, always with zone. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
