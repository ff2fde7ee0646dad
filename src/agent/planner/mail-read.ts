import { tellFailure, tellMail, tellMails } from './answer.ts';
import { tidy, type Grammar } from './grammar.ts';
import { ADDRESS } from './mask.ts';
import { chooseMail, readMailChoice, readMailQuery } from './mail-choice.ts';
import { ask, callTool, type Plan } from './plan.ts';
import { readMails } from './results.ts';

const MAIL = /\b(?:mails?|e-?mails?|inbox|messages?)\b/i;
const OPENING =
  /^(?:show|list|check|see|get|any|anything|what|which|do|did|have|has|is|are|find|search|look|display|give|read|open|fetch|who|my|unread|new|latest|mails?|e-?mails?|inbox|messages?)\b/i;

const FILLER =
  /\b(?:search|find|look|for|up|through|in|my|the|a|an|any|all|some|me|mails?|e-?mails?|messages?|inbox)\b/gi;

/** "show my unread mail", "search mail for invoice", "any mail from priya@acme.test", "did Priya mail me" */
export const readMailSearch: Grammar = (clause, scope) => {
  const wrote = new RegExp(
    `^(?:did|has|have)\\s+(${ADDRESS}|[\\p{L}'-]{2,30})\\s+(?:writ|wrote|mail|e-?mail|repl|answer|sen[dt])`,
    'iu',
  ).exec(clause)?.[1];
  const isNews = /^(?:is there |do i have )?(?:any|some)(?:thing| news)(?: new)? from\b/i.test(clause);
  if (wrote === undefined && !isNews && (!OPENING.test(clause) || !MAIL.test(clause))) return null;
  if (/^(?:mail|e-?mail|message)\s+(?!from\b|about\b|search\b)/i.test(clause)) return null;
  if (/\bissues?\b|\bsend\b|\bdrafts?\b/i.test(clause)) return null;
  const wanted =
    /\b(?:last|latest|newest|recent|top|first)\s+(\d{1,2})\b(?!\s+(?:days?|weeks?|hours?))/i.exec(
      clause,
    )?.[1] ?? /\b(\d{1,2})\s+(?:newest|latest|most recent)\b/i.exec(clause)?.[1];
  const max = Math.min(25, Math.max(1, Number(wanted ?? 10)));
  const isSearch = /^(?:search|find|look)\b/i.test(clause);
  const loose = isSearch ? tidy(clause.replace(FILLER, ' ').replace(/\s+/g, ' '), scope) : '';
  const query = wrote === undefined ? readMailQuery(clause, scope) || loose : `from:${wrote}`;
  return {
    reads: true,
    topic: {},
    *plan(): Plan {
      const search =
        query || (isSearch ? yield* ask('searchWords', [], (text) => text.trim() || null) : 'in:inbox');
      const label = 'look through your mail';
      const result = yield* callTool('gmail_messages_list', { query: search, max }, label);
      if (!result.ok) return tellFailure(label, result);
      const what = search === 'in:inbox' ? 'mail in your inbox' : `mail for “${search}”`;
      return { ok: true, text: tellMails(readMails(result.data), what) };
    },
  };
};

/** "read the mail about Q4 plan", "open the latest mail from ben@acme.test", "what does Priya's mail say" */
export const readMailContent: Grammar = (clause, scope) => {
  const match =
    /^(?:read|open|show|display|get|view|see)(?: me)?\s+(.+)$/is.exec(clause) ??
    /^what (?:does|did|is in)\s+(.+?)(?:\s+say)?$/is.exec(clause);
  const words = match?.[1] ?? '';
  const isOne =
    /(?:\b(?:the|that|this|last|latest|newest|recent|first)\b|'s\b).*\b(?:mail|e-?mail|message)\b/i.test(
      words,
    );
  const isRead =
    /^(?:read|open)\b/i.test(clause) && /\b(?:mail|e-?mail|message)\b/i.test(words) && !/\bmy\b/i.test(words);
  if (
    (!isOne && !isRead) ||
    /\b(?:unread|mails|e-?mails|messages|inbox|new|issues?|comment)\b|#\d/i.test(words)
  )
    return null;
  const choice = readMailChoice(words, scope);
  return {
    reads: true,
    topic: choice === null ? {} : { mail: choice },
    *plan(): Plan {
      const found = yield* chooseMail(choice, scope);
      if ('ending' in found) return found.ending;
      const label = `read “${found.mail.subject}”`;
      const result = yield* callTool('gmail_messages_get', { message: found.mail.id }, label);
      return result.ok ? { ok: true, text: tellMail(result.data) } : tellFailure(label, result);
    },
  };
};
