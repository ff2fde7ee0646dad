import { setTimeout as pause } from 'node:timers/promises';
import { DeskError } from '../../../errors.ts';
import { writeBindingMessage } from '../../binding-message.ts';
import type { Approval, ApprovalDeps } from '../../deps.ts';
import type { Presentation } from '../../presentation.ts';
import { findAnyById } from '../../query.ts';
import { describeDetails } from '../../details.ts';
import { confirmByDevice } from './confirm.ts';
import { end, handOver } from './end.ts';
import { openAuthReqId } from './open.ts';
import { keepAsked, putOff, waitOn } from './keep.ts';
import { takeDue, type Taken } from './take.ts';
import type { RunDeps } from './run-deps.ts';
import type { Polled, Trouble } from './types.ts';

/** Milliseconds between tries to read the tenant's keys while an answer waits to be checked. */
const PAUSES = [1_000, 4_000];

/**
 * Asks the members' devices that are to be asked, and looks for the answers of those that were, each request in one
 * process at a time.
 * @returns how many requests were worked on
 */
export async function workOnDevices(deps: ApprovalDeps): Promise<number> {
  const { device } = deps;
  if (device === null) return 0;
  const taken = await takeDue(deps, device.ciba.issuer);
  await Promise.all(taken.map((request) => workOn({ ...deps, device }, request)));
  return taken.length;
}

async function workOn(deps: RunDeps, request: Taken): Promise<void> {
  try {
    const approval = await findAnyById(deps.database, request.approvalId);
    if (approval === null) return;
    await (request.status === 'asking' ? ask(deps, request, approval) : poll(deps, request, approval));
  } catch (error) {
    deps.log.warn({ approval: request.approvalId, err: error }, 'a device request failed; it is tried again');
  }
}

async function ask(deps: RunDeps, request: Taken, approval: Approval): Promise<void> {
  const presentation = approval.presentation as Presentation;
  const answer = await deps.device.ciba.ask({
    subject: request.subject,
    bindingMessage: writeBindingMessage(presentation.action, presentation.hint, approval.code),
    details: describeDetails(approval),
  });
  if (answer.kind === 'asked') return keepAsked(deps, request, approval, answer);
  return settleTrouble(deps, request, approval, answer);
}

async function poll(deps: RunDeps, request: Taken, approval: Approval): Promise<void> {
  const authReqId = openAuthReqId(deps.keyring, request, request.authReqIdSealed ?? '');
  await settle(deps, request, approval, await deps.device.ciba.poll(authReqId));
}

async function settle(deps: RunDeps, request: Taken, approval: Approval, answer: Polled): Promise<void> {
  switch (answer.kind) {
    case 'confirmed':
      return confirm(deps, request, approval, answer.accessToken);
    case 'pending':
      return waitOn(deps, request, approval, { slower: false, seconds: null });
    case 'slow_down':
      return waitOn(deps, request, approval, { slower: true, seconds: answer.seconds });
    case 'denied':
    case 'expired':
      return end(deps, request, answer.kind);
    case 'spent':
      deps.log.warn({ code: approval.code }, 'the answer of a device was lost');
      return end(deps, request, 'lost');
    case 'later':
    case 'refused':
      return settleTrouble(deps, request, approval, answer);
  }
}

/** The tenant gives the token once only, so it is held on to until the keys to check it can be read. */
async function confirm(deps: RunDeps, request: Taken, approval: Approval, token: string): Promise<void> {
  const wait = [...PAUSES];
  for (;;) {
    try {
      return await confirmByDevice(deps, request, approval, token);
    } catch (error) {
      const milliseconds = wait.shift();
      const isOutage = error instanceof DeskError && error.code === 'vault_unreachable';
      if (!isOutage) throw error;
      if (milliseconds === undefined) return end(deps, request, 'lost');
      await pause(milliseconds);
    }
  }
}

async function settleTrouble(
  deps: RunDeps,
  request: Taken,
  approval: Approval,
  trouble: Trouble,
): Promise<void> {
  return trouble.kind === 'later'
    ? putOff(deps, request, approval, trouble)
    : handOver(deps, request, trouble);
}
