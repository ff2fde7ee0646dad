import { block, type BlockKind } from './block-parts.ts';
import { anyText, imageSource, oneImageSource, plainText, url } from './composition.ts';
import { EVERYWHERE } from './element-parts.ts';
import { elementAt, imageElement } from './elements.ts';
import { richTextParts } from './rich-text.ts';
import { byType, choice, flag, isObject, list, matching, report, text, type Rule } from './rules.ts';

const textOrFields: Rule = (value, at, scope) => {
  if (isObject(value) && value['text'] === undefined && value['fields'] === undefined) {
    report(scope, 'must define either `text` or `fields`', at);
  }
};

const someText = anyText(3000);
const contextElement = byType((type) => (type === 'image' ? imageElement : someText));
const httpsUrl = matching(/^https:\/\/\S+$/, 'must be an https URL');

/** The blocks every surface has (limits: docs.slack.dev/reference/block-kit/blocks). */
export const layoutKinds: Readonly<Record<string, BlockKind>> = {
  section: {
    surfaces: EVERYWHERE,
    rule: block(
      {},
      {
        text: anyText(3000),
        fields: list(anyText(2000), 10),
        accessory: elementAt('accessory'),
        expand: flag,
      },
      textOrFields,
    ),
  },
  actions: { surfaces: EVERYWHERE, rule: block({ elements: list(elementAt('actions'), 25) }) },
  context: { surfaces: EVERYWHERE, rule: block({ elements: list(contextElement, 10) }) },
  divider: { surfaces: EVERYWHERE, rule: block({}) },
  header: { surfaces: EVERYWHERE, rule: block({ text: plainText(150) }) },
  image: {
    surfaces: EVERYWHERE,
    rule: block({ alt_text: text(2000) }, { title: plainText(2000), ...imageSource }, oneImageSource),
  },
  input: {
    surfaces: EVERYWHERE,
    rule: block(
      { label: plainText(2000), element: elementAt('input') },
      { hint: plainText(2000), optional: flag, dispatch_action: flag },
    ),
  },
  rich_text: { surfaces: EVERYWHERE, rule: block({ elements: richTextParts }) },
  video: {
    surfaces: EVERYWHERE,
    rule: block(
      { video_url: httpsUrl, thumbnail_url: url, alt_text: text(2000), title: plainText(199) },
      {
        title_url: httpsUrl,
        author_name: text(49),
        provider_name: text(200),
        provider_icon_url: url,
        description: plainText(200),
      },
    ),
  },
  alert: {
    surfaces: ['modal'],
    rule: block({ text: anyText(3000) }, { level: choice('default', 'info', 'warning', 'error', 'success') }),
  },
};
