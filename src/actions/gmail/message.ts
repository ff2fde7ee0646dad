import { z } from 'zod';

const header = z.object({ name: z.string(), value: z.string() });

export interface PartAnswer {
  mimeType?: string | undefined;
  filename?: string | undefined;
  headers?: z.infer<typeof header>[] | undefined;
  body?: { data?: string | undefined } | undefined;
  parts?: PartAnswer[] | undefined;
}

const partAnswer: z.ZodType<PartAnswer> = z.object({
  mimeType: z.string().optional(),
  filename: z.string().optional(),
  headers: z.array(header).optional(),
  body: z.object({ data: z.string().optional() }).optional(),
  parts: z.lazy(() => z.array(partAnswer)).optional(),
});

/** The parts of Gmail's message that are used here (gmail/v1 Message). */
export const messageAnswer = z.object({
  id: z.string(),
  threadId: z.string(),
  labelIds: z.array(z.string()).optional(),
  snippet: z.string().optional(),
  /** Milliseconds since 1970, as text. */
  internalDate: z.string().optional(),
  payload: partAnswer.optional(),
});

export type MessageAnswer = z.infer<typeof messageAnswer>;

/** The first header of that name, '' when there is none. Names are compared without case (RFC 5322 §2.2). */
export function readHeader(message: MessageAnswer, name: string): string {
  const headers = message.payload?.headers ?? [];
  return headers.find((entry) => entry.name.toLowerCase() === name.toLowerCase())?.value ?? '';
}
