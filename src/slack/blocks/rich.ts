import { cut } from './text.ts';
import type { types } from '@slack/bolt';

type Inline = types.RichTextElement;
type Style = { bold?: boolean; italic?: boolean; code?: boolean };

/** Text that is never parsed, as rich_text carries it. Nothing at all for an empty text, which Slack refuses. */
export function words(text: string, style?: Style): types.RichTextText[] {
  return text === '' ? [] : [{ type: 'text', text, ...(style === undefined ? {} : { style }) }];
}

/** A member's name as Slack shows it; plain text when the id has not the form of one. */
export function person(id: string): Inline[] {
  return /^[UW][A-Z0-9]{2,20}$/.test(id) ? [{ type: 'user', user_id: id }] : words(cut(id, 80));
}

/** A link whose text is the address itself, so that it cannot lie; text when it is not an http(s) URL. */
export function link(url: string): Inline[] {
  if (url.length > 2000 || !/^https?:\/\/[!-~]+$/.test(url) || !URL.canParse(url)) return words(url);
  return [{ type: 'link', url, text: url }];
}

export function section(...inlines: readonly Inline[]): types.RichTextSection {
  return { type: 'rich_text_section', elements: [...inlines] };
}

export function quote(...inlines: readonly Inline[]): types.RichTextQuote {
  return { type: 'rich_text_quote', elements: [...inlines] };
}

export function bullets(items: readonly types.RichTextSection[]): types.RichTextList[] {
  return items.length === 0 ? [] : [{ type: 'rich_text_list', style: 'bullet', elements: [...items] }];
}

/** Letter for letter, line for line. */
export function preformatted(text: string): types.RichTextPreformatted {
  return { type: 'rich_text_preformatted', elements: words(text), border: 0 };
}

export function richText(...elements: readonly types.RichTextBlockElement[]): types.RichTextBlock {
  return { type: 'rich_text', elements: [...elements] };
}
