import type { StrongDeps } from '../deps.ts';
import { beginChange, finishChange } from './change.ts';
import { beginEnrolment, continueEnrolment } from './enrol.ts';
import { findFactor, type Factor } from './factors.ts';
import {
  bindBrowser,
  findFactorRequest,
  needBrowser,
  recordFactorRefusal,
  type FactorRequest,
} from './requests.ts';
import type { Answer, Step } from './step.ts';

/** What a link to change passkeys is about. Looking at it changes nothing. @throws DeskError `strong_expired` */
export async function readFactorPage(
  deps: StrongDeps,
  reference: string,
): Promise<{ request: FactorRequest; target: Factor | null }> {
  const request = await findFactorRequest(deps, reference);
  const { workspaceId, factorId } = request;
  const target = factorId === null ? null : await findFactor(deps, deps.database.db, workspaceId, factorId);
  return { request, target };
}

/**
 * The page's button. Each refusal is audited.
 * @param browser.cookie what the browser holds, or null
 * @param browser.name how the member is called, for the authenticator's own list
 * @returns the step, and the cookie's value to set
 */
export async function beginFactorChange(
  deps: StrongDeps,
  reference: string,
  browser: { cookie: string | null; name: string },
): Promise<{ step: Step; cookie: string }> {
  const request = await findFactorRequest(deps, reference);
  try {
    const cookie = await bindBrowser(deps, request, browser.cookie);
    const step =
      request.kind === 'enrol'
        ? await beginEnrolment(deps, request, browser.name)
        : await beginChange(deps, request);
    return { step, cookie };
  } catch (error) {
    throw await recordFactorRefusal(deps, request, error);
  }
}

/** What the browser answered. Each refusal is audited. */
export async function continueFactorChange(
  deps: StrongDeps,
  reference: string,
  cookie: string | null,
  answer: Answer,
): Promise<Step> {
  const request = await findFactorRequest(deps, reference);
  try {
    needBrowser(request, cookie);
    return request.kind === 'enrol'
      ? await continueEnrolment(deps, request, answer)
      : await finishChange(deps, request, answer);
  } catch (error) {
    throw await recordFactorRefusal(deps, request, error);
  }
}
