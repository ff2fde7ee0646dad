import type { Args } from './args.ts';
import { checkMessageBlocks } from './blocks/check.ts';
import { completeBlocks } from './blocks/complete.ts';
import { isObject } from './blocks/rules.ts';
import { Refusal } from './refusal.ts';
import type { Json } from './world.ts';

export interface Content {
  /** Undefined when the call did not give it. */
  readonly text?: string;
  readonly blocks?: Json[];
  readonly metadata?: Json;
}

/** Longest text Slack keeps of a posted message, and of an updated one. */
export const LONGEST_TEXT = { post: 40_000, update: 4_000 } as const;
export const LONGEST_MARKDOWN = 12_000;

/** @throws Refusal `invalid_blocks` with each place that is wrong */
export function readBlocks(args: Args, name = 'blocks'): Json[] | undefined {
  const blocks = args.json(name, 'invalid_blocks_format');
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) throw new Refusal('invalid_blocks_format');
  const problems = checkMessageBlocks(blocks);
  if (problems.length === 0) return completeBlocks(blocks);
  const errors = problems.map((problem) => problem.replace('[ERROR] ', ''));
  throw new Refusal('invalid_blocks', { errors, response_metadata: { messages: problems } });
}

/** Reads what a message says. @throws Refusal `no_text`, `msg_too_long`, `invalid_blocks`, `markdown_text_conflict` … */
export function readContent(args: Args, longest: number, options: { mayBeEmpty?: boolean } = {}): Content {
  const blocks = readBlocks(args);
  const markdown = args.text('markdown_text');
  const text = args.text('text') ?? markdown;
  const attachments = args.json('attachments', 'invalid_attachments');
  if (Array.isArray(attachments) && attachments.length > 0) {
    throw new Refusal('invalid_attachments', {
      response_metadata: {
        messages: ['[ERROR] the sandbox shows blocks, not attachments [json-pointer:/attachments]'],
      },
    });
  }
  if (markdown !== undefined) {
    if (args.text('text') !== undefined || blocks !== undefined) throw new Refusal('markdown_text_conflict');
    if (markdown.length > LONGEST_MARKDOWN) throw new Refusal('msg_too_long');
  }
  if ((text ?? '').length > longest) throw new Refusal('msg_too_long');
  if ((text ?? '') === '' && (blocks ?? []).length === 0 && options.mayBeEmpty !== true)
    throw new Refusal('no_text');
  const metadata = readMetadata(args);
  return {
    ...(text === undefined ? {} : { text }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function readMetadata(args: Args): Json | undefined {
  const metadata = args.object('metadata', 'invalid_metadata_format');
  if (metadata === undefined || metadata['entities'] !== undefined) return metadata;
  if (typeof metadata['event_type'] !== 'string' || !isObject(metadata['event_payload'])) {
    throw new Refusal('invalid_metadata_schema');
  }
  return metadata;
}
