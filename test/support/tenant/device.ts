import { workOnDevices } from '../../../src/approvals/strong/tenant/run.ts';
import type { DeviceRequest } from '../../../src/approvals/strong/tenant/types.ts';
import { click } from '../attack.ts';
import { ask, createMailModel, type Asked } from '../attack-desk.ts';
import { askStrongly, letItCount } from '../strong.ts';
import { startTenantDesk, type TenantDesk } from './desk.ts';
import type { CibaRequest } from './world.ts';

export type DeviceDesk = Awaited<ReturnType<typeof startDeviceDesk>>;

/** A desk with a tenant, where Ben is linked, has Google, and mail needs his own device. */
export async function startDeviceDesk() {
  const desk = await startTenantDesk({ model: createMailModel(), signIn: true });
  await desk.link('U0BEN', 'ben@acme.test');
  await desk.connectAt('U0BEN', 'google-oauth2', 'ben@acme.test');
  askStrongly(desk);
  return { ...desk, ...actions(desk) };
}

function actions(desk: TenantDesk) {
  const { owner } = desk.database;
  return {
    /** A mail that Ben approved in Slack. */
    async approve(memberId = 'U0BEN'): Promise<Asked> {
      const asked = await ask(desk, memberId);
      await click(desk, asked.approval.id, 'approve', memberId);
      await desk.desk.agent.run(asked.turn);
      return asked;
    },
    /** The work of one tick, with everything due; time at the tenant has passed as well. */
    async tick(): Promise<number> {
      await owner`update agentdesk.strong_requests set next_poll_at = now() - interval '1 second' where lease_id is null`;
      for (const request of desk.tenant.world.ciba.values()) request.lastPoll = 0;
      return workOnDevices(desk.desk.deps.approvals);
    },
    async request({ approval }: Asked): Promise<Record<keyof DeviceRequest, unknown>> {
      const [row] = await owner`
        select approval_id as "approvalId", status, auth_req_id_sealed as "authReqIdSealed", interval_seconds as "intervalSeconds",
          next_poll_at as "nextPollAt", deadline_at as "deadlineAt", trouble, asks, proof_jti as "proofJti", asked_at as "askedAt"
        from agentdesk.strong_requests where approval_id = ${approval.id}`;
      return row as Record<keyof DeviceRequest, unknown>;
    },
    async status({ approval }: Asked): Promise<{ approval: string; call: string; message: string | null }> {
      const [row] = await owner`
        select a.status as approval, c.status as call, c.error_message as message
        from agentdesk.approvals a join agentdesk.calls c on c.id = a.call_id where a.id = ${approval.id}`;
      return row as unknown as { approval: string; call: string; message: string | null };
    },
    /** What the phone shows last. */
    phone(): CibaRequest {
      const last = [...desk.tenant.world.ciba.values()].at(-1);
      if (last === undefined) throw new Error('the phone was not asked');
      return last;
    },
    polls: (): number => desk.tenant.world.requests.filter((line) => line.endsWith(' ciba')).length,
    /** Forgets how often was asked within the last minute. */
    quiet: () =>
      owner`update agentdesk.strong_requests set asked_at = asked_at - interval '2 minutes'
        where status not in ('asking', 'waiting')`,
    /** Lets the 24 hours of a linked identity pass. Only who has the keys can: the row is sealed. */
    letItCount: (memberId = 'U0BEN') => letItCount(desk, memberId),
  };
}
