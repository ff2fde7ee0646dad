const ABILITIES = [
  '• Calendar: “what’s on my calendar tomorrow”, “when are ben@example.com and I free on thursday”, “book lunch on friday at noon”, “move my 3pm to tomorrow”, “rename the standup to ‘Daily’”, “cancel my 3pm”',
  '• Mail: “show my unread mail”, “read the mail about Q4 plan”, “mail ben@example.com about ‘Plan’ saying ‘…’”, “draft a mail to …”, “reply to Priya’s mail saying ‘…’”',
  '• GitHub: “list my repos”, “open issues in acme/website”, “open an issue in acme/website titled ‘…’”, “comment on acme/website#3: …”, “close acme/website#3”, “label acme/website#3 as bug”',
];

const WHO =
  'I am AgentDesk’s built-in offline planner: no language model is connected, so I understand plain requests only.';

/** What the planner is and what can be asked of it. */
export function sayHelp(): string {
  return [WHO, 'You can ask for two things in one sentence. I can do:', ...ABILITIES].join('\n');
}

/** Says that a request was not understood, and what would be. */
export function sayCannot(what: string): string {
  const words = what.length > 120 ? `${what.slice(0, 119)}…` : what;
  return [`I cannot do that: “${words}”. Nothing was done.`, WHO, 'I can do:', ...ABILITIES].join('\n');
}

/** Said when a message is longer than a plain request ever is, quoted text aside. */
export function sayTooLong(): string {
  return `That is longer than I can read. ${WHO} Put the words of a mail or issue in quotes, and ask in one or two sentences.`;
}

const DECIDES =
  /^(?:i )?(?:approve|approved|deny|denied|reject|confirm|confirmed|allow|go ahead|do it|yes|yep|yeah|y|ok|okay|sure|no|nope|n)(?: (?:it|that|this|all|everything|please|the (?:mail|call|request|card)))*(?: [0-9A-Z]{8})?[.!]*$/i;
const GREETING =
  /^(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day)|help|help me|\?+|what can you do|what do you do|who are you|what are you|how do you work|commands|start|menu|examples?)(?:[\s,]+(?:there|agentdesk|desk|bot|for me|please))*[\s.!?]*$/i;
const THANKS =
  /^(?:many )?(?:thanks|thank you|thx|cheers|great|perfect|nice|cool|awesome|good)(?: (?:a lot|so much|very much|you|job|work))*[\s.!]*$/i;
const STOPS =
  /^(?:never ?mind|cancel(?: it| that)?|stop(?: it)?|forget (?:it|about it|that)|no(?: thanks| thank you)?|leave it|nothing|abort|quit|don'?t)[.!]*$/i;

/** The answer to words that ask for nothing, or null when they may be a request. */
export function answerSmallTalk(said: string): string | null {
  const text = said.trim();
  if (text === '' || GREETING.test(text)) return sayHelp();
  if (THANKS.test(text)) return 'You are welcome.';
  if (DECIDES.test(text)) {
    return 'A message decides nothing. If something waits for your decision, use the buttons on its card, or /agentdesk approve CODE or /agentdesk deny CODE. /agentdesk pending lists what waits.';
  }
  if (isStop(text))
    return 'There is nothing to stop here. /agentdesk stop stops everything that is under way for you.';
  return null;
}

/** Whether the person takes an unfinished request back. */
export function isStop(text: string): boolean {
  return STOPS.test(text.trim());
}
