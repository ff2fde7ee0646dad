import { tellDone } from './answer.ts';
import { argsOf, capitalise, type Grammar, type Scope } from './grammar.ts';
import { chooseMail, readMailChoice } from './mail-choice.ts';
import { readMailParts, type MailParts } from './mail-parts.ts';
import { askAddress, findAddresses } from './people.ts';
import { ask, awaitPrevious, callTool, type Ending, type News, type Plan } from './plan.ts';

const COMPOSE = /^(?:send|mail|e-?mail|write|message|tell|inform|notify|let|shoot|draft|compose|prepare)\b/i;
const ISSUE = /#\d|\bissues\/\d|\b(?:comment|issue)\s+(?:in|on)\b/i;

/** "mail ben@acme.test about 'Plan' saying 'hi'", "draft a mail to x@y.test saying …", "mail Priya the new time" */
export const readCompose: Grammar = (clause, scope) => {
  const verb = COMPOSE.exec(clause)?.[0];
  if (verb === undefined || ISSUE.test(clause) || /^send (?:the|my|that|this) drafts?\b/i.test(clause))
    return null;
  const parts = readMailParts(clause.slice(verb.length), scope, /^(?:tell|inform|notify|let)$/i.test(verb));
  const isMail =
    /^(?:mail|e-?mail|draft|compose)\b/i.test(clause) || /\b(?:e-?mail|mail|message|note)\b/i.test(clause);
  if (
    !isMail &&
    (parts.to.length === 0 || (parts.text === null && !parts.tellsBefore && parts.subject === null))
  )
    return null;
  const isDraft = /^(?:draft|compose|prepare)\b|^write (?:a|an|the) draft\b|\bas (?:a )?draft\b/i.test(
    clause,
  );
  return {
    reads: false,
    topic: parts.subject ? { title: parts.subject } : {},
    *plan(): Plan {
      const to = yield* findAddresses(parts.to);
      if ('ending' in to) return to.ending;
      const cc = yield* findAddresses(parts.cc);
      if ('ending' in cc) return cc.ending;
      const bcc = yield* findAddresses(parts.bcc);
      if ('ending' in bcc) return bcc.ending;
      const recipients = to.addresses.length > 0 ? to.addresses : yield* askAddress('', []);
      const written = yield* writeMail(parts, scope);
      if ('ending' in written)
        return { ...written.ending, text: `I did not mail ${recipients.join(', ')}. ${written.ending.text}` };
      const label = `${isDraft ? 'draft' : 'send'} the mail “${written.subject}” to ${recipients.join(', ')}`;
      const args = argsOf({ to: recipients, cc: cc.addresses, bcc: bcc.addresses, ...written });
      return tellDone(
        label,
        yield* callTool(isDraft ? 'gmail_drafts_create' : 'gmail_messages_send', args, label),
      );
    },
  };
};

/** Subject and text: as said, from the request before this one, or asked for. */
function* writeMail(
  parts: MailParts,
  scope: Scope,
): Plan<{ subject: string; text: string } | { ending: Ending }> {
  const known = parts.subject ?? (parts.tellsBefore ? scope.before?.title : undefined) ?? null;
  if (parts.text !== null && (known !== null || !parts.tellsBefore)) {
    return { subject: known ?? subjectFrom(parts.text), text: parts.text };
  }
  if (!parts.tellsBefore) {
    const text = yield* ask('mailText', [], (answer) => answer.trim() || null);
    return { subject: known ?? subjectFrom(text), text };
  }
  const previous = yield* awaitPrevious();
  if (!previous.ok || !previous.news)
    return { ending: { ok: false, text: 'What it was to tell about was not done.' } };
  return { subject: known ?? previous.news.subject, text: parts.text ?? textFrom(previous.news, scope) };
}

function textFrom(news: News, scope: Scope): string {
  const { name } = scope.context.member;
  return ['Hello,', [news.sentence, news.link].filter(Boolean).join('\n'), name]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The first sentence of the text, as a subject line of at most 60 characters. */
function subjectFrom(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const first =
    lines.find((line) => line !== '' && !/^(?:hi|hello|dear|hey)\b[^.!?]{0,40}[,!.]?$/i.test(line)) ??
    lines[0] ??
    '';
  const sentence = first.split(/(?<=[.!?])\s/, 1)[0]?.replace(/[.!,;:]+$/, '') ?? first;
  if (sentence.length <= 60) return capitalise(sentence);
  return `${capitalise(sentence)
    .slice(0, 59)
    .replace(/\s+\S*$/, '')}…`;
}

/** "reply to priya's mail about Q4 saying 'fine'", "draft a reply to ben@acme.test saying …" */
export const readReply: Grammar = (clause, scope) => {
  const match =
    /^(?:reply|respond|answer|write back)\b\s*(?:to\s+)?(.*)$/is.exec(clause) ??
    /^(?:draft|write|send|compose|prepare)\s+(?:an?\s+)?(?:reply|answer|response)\b\s*(?:to\s+)?(.*)$/is.exec(
      clause,
    );
  if (!match || ISSUE.test(clause)) return null;
  const isDraft = /^(?:draft|compose|prepare)\b|\bas (?:a )?draft\b/i.test(clause);
  const { said, parts } = splitReply(match[1] ?? '', scope);
  const choice = said === '' ? (scope.before?.mail ?? null) : readMailChoice(said, scope);
  return {
    reads: false,
    topic: choice === null ? {} : { mail: choice },
    *plan(): Plan {
      const found = yield* chooseMail(choice, scope);
      if ('ending' in found) return found.ending;
      const { mail } = found;
      const text =
        parts.text ??
        (yield* ask(
          'mailText',
          [`A reply to ${mail.from}: ${mail.subject}`],
          (answer) => answer.trim() || null,
        ));
      const label = `${isDraft ? 'draft' : 'send'} the reply to “${mail.subject}”`;
      // Recipients and subject are left to the action, which takes them from the mail itself.
      const args = { text, replyTo: mail.id };
      return tellDone(
        label,
        yield* callTool(isDraft ? 'gmail_drafts_create' : 'gmail_messages_send', args, label),
      );
    },
  };
};

/** Everything before the text says which mail is meant. */
function splitReply(words: string, scope: Scope) {
  const before = words.replace(
    /[,;]?\s*\b(?:saying|that says|which says|to say|with(?: the| a)? (?:text|body|message|words)|with|text|body|message)\b\s*:?\s*(?:that\s+)?(?=[\uE000-\uF8FF])[\s\S]*$/i,
    '',
  );
  const parts = readMailParts(words.slice(before.length), scope);
  const colon = /^(.*?)\s*[:\n]\s*([\uE000-\uF8FF])\s*$/s.exec(before);
  const said = (colon?.[1] ?? before)
    .replace(/^(?:it|that|this|him|her|them)$/i, '')
    .replace(/\bas (?:a )?draft\b/i, '')
    .trim();
  const text = parts.text ?? (colon?.[2] ? scope.reveal(colon[2]) : null);
  if (text !== null || !/^[\uE000-\uF8FF]$/.test(said)) return { said, parts: { text } };
  return { said: '', parts: { text: scope.reveal(said) } };
}
