import { isObject } from '../blocks/rules.ts';

/** An acknowledgement as Socket Mode clients send it: `{envelope_id, payload?}`; null for anything else. */
export function readAck(frame: string): { envelopeId: string; payload: unknown } | null {
  try {
    const ack: unknown = JSON.parse(frame);
    if (!isObject(ack) || typeof ack['envelope_id'] !== 'string') return null;
    return { envelopeId: ack['envelope_id'], payload: ack['payload'] };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
