import type { types } from '@slack/bolt';
import type { DeviceRequest } from '../../approvals/strong/tenant/types.ts';
import { button, escapeMrkdwn, note } from './text.ts';
import { writeTime } from './when.ts';

/** What a card shows of the member's own device, asked at the tenant. */
export interface CardDevice extends Pick<DeviceRequest, 'status' | 'trouble' | 'deadlineAt'> {
  /** The tenant as people know it. */
  readonly service: string;
  /** It asks by e-mail instead of its app. */
  readonly byMail: boolean;
}

/**
 * What a person does next when it was approved in Slack and a second device has to follow.
 * @param device null when no device is asked at a tenant: then a passkey confirms it
 * @param link where a passkey confirms it; null where passkeys cannot work
 */
export function buildConfirm(
  code: string,
  device: CardDevice | null,
  link: string | null,
): types.KnownBlock[] {
  const isPasskey = device === null || device.status === 'passkey';
  if (!isPasskey) return [buildWaiting(code, device)];
  if (link === null)
    return [note('Passkeys cannot be used at this address, so this cannot be confirmed. Tell an admin.')];
  const open = button('Confirm on your second device', 'strong_open', 'open', 'primary');
  return [
    ...(device === null ? [] : [note(`${describeWhyPasskey(device)} Confirm with your passkey instead.`)]),
    { type: 'actions', elements: [{ ...open, url: link }] },
  ];
}

/** The same code as on the device: whoever sees another one there denies it. */
function buildWaiting(code: string, device: CardDevice): types.KnownBlock {
  const shown = /^[0-9A-Z]{1,16}$/.test(code) ? code : '–';
  const where = device.byMail ? `the e-mail of ${device.service}` : 'your phone';
  const until = device.deadlineAt === null ? '' : `, until ${writeTime(device.deadlineAt)}`;
  const state =
    device.status === 'waiting'
      ? `Waiting for ${escapeMrkdwn(where)}, code \`${shown}\`${until}. Approve there only if it shows this code.`
      : `${escapeMrkdwn(device.service)} is told to ask you; the request will show code \`${shown}\`.`;
  const text = [state, describeTrouble(device)].filter((part) => part !== '').join(' ');
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function describeTrouble({ trouble, service }: CardDevice): string {
  const name = escapeMrkdwn(service);
  switch (trouble) {
    case 'device_busy':
      return `${name} is asked too often at the moment; it goes on by itself.`;
    case 'vault_unreachable':
      return `${name} does not answer at the moment; it is tried again.`;
    case 'device_answer_lost':
      return 'The answer before was lost on the way, so you are asked once more.';
    default:
      return '';
  }
}

function describeWhyPasskey({ trouble, service }: CardDevice): string {
  return trouble === 'device_not_enrolled'
    ? `${service} knows no device of yours.`
    : `${service} could not ask your device.`;
}
