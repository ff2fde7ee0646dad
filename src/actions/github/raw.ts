import { z } from 'zod';

/** Arguments that several GitHub actions take, as the model gives them. */
export const repository = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'must be owner/name')
  .describe("Repository as 'owner/name'");
export const number = z.int().min(1).describe('Number of the issue');
export const title = z.string().min(1).max(256);
/** GitHub's own limit is 65,536 characters; the marker needs some of them. */
export const body = z.string().max(65_000).describe('Text in Markdown');
export const labels = z.array(z.string().min(1).max(50)).max(50);
export const assignees = z
  .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}(\[bot\])?$/, 'must be a GitHub login'))
  .max(10);
