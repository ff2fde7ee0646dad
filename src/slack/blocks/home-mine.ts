import type { types } from '@slack/bolt';
import type { Approval } from '../../approvals/deps.ts';
import type { Presentation } from '../../approvals/presentation.ts';
import { nameService, services, type Account } from '../services.ts';
import { button, header, note, oneLine, plain, plainSection } from './text.ts';
import { writeUtc } from './when.ts';

const MOST_ACCOUNTS = 20;

const STOPPED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    member: 'AgentDesk is stopped for you. Type /agentdesk resume to go on.',
    workspace: 'An admin stopped AgentDesk for this workspace. An admin can type /agentdesk resume all.',
    everything: 'AgentDesk is stopped by its operator.',
  }),
);

export function buildAccountsTab(accounts: readonly Account[], stopped: string | null): types.KnownBlock[] {
  const shown = accounts.slice(0, MOST_ACCOUNTS);
  const hidden = accounts.length - shown.length;
  return [
    header('Connected accounts'),
    ...(stopped === null ? [] : [plainSection(`⛔ ${STOPPED.get(stopped) ?? 'AgentDesk is stopped.'}`)]),
    ...(accounts.length === 0 ? [plainSection('None yet. Connect one, or just ask me for something.')] : []),
    ...shown.map(buildAccount),
    ...(hidden > 0 ? [note(`and ${hidden} more`)] : []),
    {
      type: 'actions',
      elements: services.map(({ connection, name }) =>
        button(`Connect ${name}`, `connect_${connection}`, connection),
      ),
    },
    note('Passwords and tokens are never in Slack. Each use is for one call, and is in the audit.'),
  ];
}

function buildAccount(account: Account): types.KnownBlock {
  const service = nameService(account.connection);
  const state = account.status === 'refused' ? ' · refused; connect it again' : '';
  const since = `since ${writeUtc(account.connectedAt)}`;
  const text = `${service} · ${oneLine(account.label, 320)}${state}\n${since} · id ${account.id.slice(0, 8)}`;
  return plainSection(text, {
    ...button('Disconnect', 'disconnect', account.id, 'danger'),
    confirm: {
      title: plain(`Disconnect ${service}?`, 100),
      text: plain('Its access is revoked at the service. Calls that wait for it are not done.', 300),
      confirm: plain('Disconnect', 30),
      deny: plain('Keep', 30),
      style: 'danger',
    },
  });
}

export function buildApprovalsTab(
  pending: readonly Approval[],
  recent: readonly Approval[],
): types.KnownBlock[] {
  return [
    header('Waiting for you'),
    ...(pending.length === 0 ? [plainSection('Nothing waits for your decision.')] : []),
    ...pending.flatMap((approval): types.KnownBlock[] => [
      plainSection(describe(approval, `open until ${writeUtc(approval.expiresAt)}`)),
      {
        type: 'actions',
        elements: [
          button('Show and decide', 'show_everything', approval.id, 'primary'),
          button('Deny', 'deny', approval.id),
        ],
      },
    ]),
    header('Decided lately'),
    ...(recent.length === 0 ? [plainSection('Nothing yet.')] : []),
    ...recent.map((approval) =>
      plainSection(
        describe(approval, `${approval.status} ${writeUtc(approval.decidedAt ?? approval.expiresAt)}`),
      ),
    ),
  ];
}

function describe(approval: Approval, state: string): string {
  const { title, line } = approval.presentation as Presentation;
  return `${oneLine(title, 150)} – ${oneLine(line, 400)}\n${approval.code} · ${state}`;
}
