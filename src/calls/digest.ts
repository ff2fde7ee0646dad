import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Action } from '../actions/action.ts';
import { digestOf } from '../db/canonical.ts';

/** What a call digest is over, besides the arguments' canonical bytes (design §2). */
export interface CallTerms {
  readonly workspaceId: string;
  readonly memberId: string;
  readonly subject: string;
  readonly agent: string;
  readonly connection: string;
  readonly accountId: string;
  readonly action: string;
  readonly declarationHash: Buffer;
  /** Canonical bytes (RFC 8785). */
  readonly args: Buffer;
  readonly turnId: string;
  readonly toolCallId: string;
  readonly revision: number;
  /** 128 random bits drawn after the arguments were fixed. */
  readonly nonce: Buffer;
}

/** sha256 over the canonical terms. The arguments go in as their parsed value, so that the bytes are canonical throughout. */
export function computeCallDigest(terms: CallTerms): Buffer {
  return digestOf({
    v: 'agentdesk/call/1',
    workspace: terms.workspaceId,
    member: terms.memberId,
    subject: terms.subject,
    agent: terms.agent,
    connection: terms.connection,
    account: terms.accountId,
    action: terms.action,
    declaration_hash: terms.declarationHash.toString('hex'),
    args: JSON.parse(terms.args.toString('utf8')) as unknown,
    thread: terms.turnId,
    tool_call_id: terms.toolCallId,
    revision: terms.revision,
    nonce: terms.nonce.toString('hex'),
  });
}

/** Digest of an action's declaration: a call approved under one declaration does not run under another. */
export function hashDeclaration(action: Action): Buffer {
  return digestOf({
    id: action.id,
    connection: action.connection,
    risk: action.risk,
    scopes: [...action.scopes],
    requests: JSON.parse(JSON.stringify(action.requests)) as unknown,
    schema: JSON.parse(
      JSON.stringify(z.toJSONSchema(action.schema, { io: 'input', unrepresentable: 'any' })),
    ) as unknown,
    args: JSON.parse(
      JSON.stringify(z.toJSONSchema(action.args, { io: 'input', unrepresentable: 'any' })),
    ) as unknown,
  });
}

/** Plain sha256, for arguments as the model gave them. */
export function hashRaw(canonical: Buffer): Buffer {
  return createHash('sha256').update(canonical).digest();
}
