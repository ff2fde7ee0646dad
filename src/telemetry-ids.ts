import { createHash } from 'node:crypto';

/**
 * The trace of a turn (W3C Trace Context §3.2.2.3: 16 bytes in hex). Made from the turn's id alone, so that a resume
 * in another process, an audit event and a decision by a click all belong to one trace without any state.
 */
export function deriveTraceId(turnId: string): string {
  return createHash('sha256').update(`trace\n${turnId}`).digest('hex').slice(0, 32);
}

/** The span of the whole turn, which is sent at its end; everything done before already names it as its parent. */
export function deriveRootSpanId(turnId: string): string {
  return createHash('sha256').update(`root span\n${turnId}`).digest('hex').slice(0, 16);
}
