import { readCancel, readGuests, readRelocate, readRetitle } from './calendar-change.ts';
import { readInsert } from './calendar-insert.ts';
import { readMove } from './calendar-move.ts';
import { readCalendarQuestion, readFreeQuestion } from './calendar-read.ts';
import type { Grammar } from './grammar.ts';
import { answerSmallTalk, sayCannot } from './help.ts';
import { readIssue, readIssueList, readRepositories } from './issue-read.ts';
import {
  readIssueAssign,
  readIssueBody,
  readIssueLabel,
  readIssueState,
  readIssueTitle,
} from './issue-update.ts';
import { readIssueComment, readIssueCreate } from './issue-write.ts';
import { readMailContent, readMailSearch } from './mail-read.ts';
import { readCompose, readReply } from './mail-write.ts';
import { maskText } from './mask.ts';
import type { Request, Topic } from './plan.ts';
import type { Context } from './read-context.ts';
import type { TimeReader } from './read-time.ts';

/** The first that understands a clause has it; those that need the clearest signs come first. */
const GRAMMARS: readonly Grammar[] = [
  readIssueTitle, readIssueBody, readIssueState, readIssueLabel, readIssueAssign, readIssueComment, readIssueCreate,
  readIssueList, readIssue, readRepositories, readReply, readMailContent, readMailSearch, readCompose, readGuests,
  readRetitle, readRelocate, readMove, readCancel, readFreeQuestion, readInsert, readCalendarQuestion,
]; // prettier-ignore

const VERB =
  '(?:move|reschedule|shift|push|postpone|delay|rename|retitle|cancel|delete|remove|schedule|book|create|open|close|re-?open|comment|label|tag|mark|assign|mail|e-?mail|send|draft|compose|write|reply|respond|answer|show|list|read|find|search|check|tell|let|inform|notify|invite|change|set up|set|add|put|block|plan|arrange|organi[sz]e|what|which|when|am i|is there|do i|any|file|leave|give)';
const BOUNDARY = new RegExp(
  `(?:\\s*[,;.!?]?\\s+(?:and|then|also|plus|afterwards)\\s+|\\s*[;.!?]\\s+|\\s*\\n\\s*|\\s*,\\s+)(?:(?:and|also|then|please|after that|afterwards)[,\\s]+)*(?=${VERB}\\b)`,
  'gi',
);

/** Longest sentence that is read, in characters, quoted words and free text not counted. */
const MAX_LENGTH = 1500;

/** A person's message as requests, or what to say when it holds none. */
type Parsed =
  | { readonly kind: 'requests'; readonly requests: readonly Request[] }
  | { readonly kind: 'talk'; readonly text: string }
  | { readonly kind: 'unknown'; readonly text: string }
  | { readonly kind: 'too_long' };

/** Splits a message into clauses and understands each; a clause that is none on its own belongs to the one before. */
export function parseRequest(said: string, context: Context, reader: TimeReader): Parsed {
  const talk = answerSmallTalk(said);
  if (talk !== null) return { kind: 'talk', text: talk };
  const { text, reveal } = maskText(said);
  if (text.length > MAX_LENGTH) return { kind: 'too_long' };

  const understand = (clause: string, before: Topic | null): Request | null => {
    const plain = stripPoliteness(clause);
    if (plain === '') return null;
    for (const grammar of GRAMMARS) {
      const request = grammar(plain, { context, reader, reveal, before });
      if (request) return request;
    }
    return null;
  };

  const found: { clause: string; request: Request | null; before: Topic | null }[] = [];
  for (const [joiner, clause] of splitClauses(text)) {
    const last = found.at(-1);
    const before = found.findLast((one) => one.request)?.request?.topic ?? null;
    const request = understand(clause, before);
    const glued = request || !last?.request ? null : understand(last.clause + joiner + clause, last.before);
    if (last && glued)
      found[found.length - 1] = { ...last, clause: last.clause + joiner + clause, request: glued };
    else if (request || answerSmallTalk(stripPoliteness(clause)) === null)
      found.push({ clause, request, before });
  }
  if (!found.some((one) => one.request)) return { kind: 'unknown', text: reveal(text) };
  return {
    kind: 'requests',
    requests: found.map((one) => one.request ?? unknownRequest(reveal(one.clause))),
  };
}

function unknownRequest(clause: string): Request {
  const text = sayCannot(clause.trim());
  return {
    reads: true,
    topic: {},
    *plan() {
      return { ok: false, text };
    },
  };
}

function splitClauses(text: string): [joiner: string, clause: string][] {
  const clauses: [string, string][] = [];
  let position = 0;
  let joiner = '';
  for (const match of text.matchAll(BOUNDARY)) {
    clauses.push([joiner, text.slice(position, match.index)]);
    joiner = match[0];
    position = match.index + match[0].length;
  }
  clauses.push([joiner, text.slice(position)]);
  return clauses.filter(([, clause]) => clause.trim() !== '');
}

const LEADING =
  /^(?:[\s,.!:;-]+|(?:hey|hi|hello|hiya|ok|okay|please|pls|kindly|so|um|well|now|then|also|just|quickly|agentdesk|bot|and)\b[\s,!.:]*|<@\w+>\s*|@[\w-]+[\s,:]+|good (?:morning|afternoon|evening)[\s,!.]*|(?:can|could|would|will) (?:you|u)(?: please| kindly| maybe)?\s+(?=\w)|(?:can|could|may) i (?:please )?(?=see|get|have)|i(?:'d| would) (?:like|love)(?: you)? to\s+|i (?:want|need)(?: you)? to\s+|i(?:'d| would) like (?=a |an |the )|let'?s\s+|let us\s+|go ahead and\s+|help me(?: to)?\s+|(?:tell|remind) me(?: about)?\s+(?=what|which|when|if|whether|who|how|is|are|do|am)|(?:do you know|i wonder)\s+(?=what|which|when)|(?:check |see )?(?:if|whether)\s+(?=i\b|i'm|there))/i;
const TRAILING =
  /(?:[\s,]*\b(?:please|pls|thanks|thank you|thx|for me|will you|would you|if you can|if possible|right now|asap)\b)?[\s.!?,;]*$/i;

function stripPoliteness(clause: string): string {
  let text = clause;
  for (let round = 0; round < 8; round += 1) {
    const shorter = text.replace(LEADING, '');
    if (shorter === text) break;
    text = shorter;
  }
  for (let round = 0; round < 3; round += 1) text = text.replace(TRAILING, '');
  return text
    .replace(/^i am (?=free|busy)/i, 'am i ')
    .replace(/^i'm (?=free|busy)/i, 'am i ')
    .replace(/^there (?:is|are) /i, 'is there ');
}
