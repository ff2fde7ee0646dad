import { z } from 'zod';
import { OUTCOMES, type AuditFilter } from '../../audit/read/filter.ts';
import { readCode } from '../../approvals/code.ts';

/** Text of a person, short, without what a view cannot hold. */
const words = (max: number) =>
  z
    .string()
    .transform((text) =>
      text
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, max)
        .toWellFormed(),
    )
    .pipe(z.string().min(1));
const day = z.iso.date();

const part = {
  service: z.string().regex(/^[a-z][a-z0-9_-]{0,40}$/),
  action: z.string().regex(/^[a-z][A-Za-z0-9_.-]{0,80}$/),
  outcome: z.enum(OUTCOMES),
  member: z.string().regex(/^[UW][A-Z0-9]{2,20}$/),
  agent: words(60),
  from: day,
  to: day,
  text: words(80),
  code: words(16).transform((typed) => readCode(typed)),
};

/** A filter as a view or a form says it; what is not one of ours is left out, part by part. */
export const auditFilter = z.object({
  service: part.service.optional().catch(undefined),
  action: part.action.optional().catch(undefined),
  outcome: part.outcome.optional().catch(undefined),
  member: part.member.optional().catch(undefined),
  agent: part.agent.optional().catch(undefined),
  from: part.from.optional().catch(undefined),
  to: part.to.optional().catch(undefined),
  text: part.text.optional().catch(undefined),
  code: part.code.optional().catch(undefined),
});

export function readAuditFilter(value: unknown): AuditFilter {
  const read = auditFilter.safeParse(value);
  return read.success ? read.data : {};
}

/** The part of a filter a person typed. @returns null when it is none */
export function readFilterPart(name: string, value: string): AuditFilter | null {
  const key = name === 'for' ? 'member' : name;
  if (key === 'on') return part.from.safeParse(value).success ? { from: value, to: value } : null;
  if (!Object.hasOwn(part, key)) return null;
  const read = part[key as keyof typeof part].safeParse(value);
  return read.success ? { [key]: read.data } : null;
}

export function isFiltered(filter: AuditFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
