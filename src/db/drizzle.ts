import { createRequire } from 'node:module';

// By `import` drizzle-orm costs about a second and 200 MB because of its exports map; by `require` it does
// not (design §9). This is the only file that loads it.
const require = createRequire(import.meta.url);

const core = require('drizzle-orm') as typeof import('drizzle-orm');
const pg = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core');
const driver = require('drizzle-orm/postgres-js') as typeof import('drizzle-orm/postgres-js');
const migrator =
  require('drizzle-orm/postgres-js/migrator') as typeof import('drizzle-orm/postgres-js/migrator');

export const { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, notInArray, or, sql } = core;
export const {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} = pg;
export type SQL = import('drizzle-orm').SQL;
export const { drizzle } = driver;
export const { migrate } = migrator;
