import { hash } from 'node:crypto';
import { RECORD_KEYS, type AuditRecord, type CanonicalValues } from './event.ts';

/** What stands in a leaf in the clear, beside the log's own pseudonym. */
const CLEAR = new Set<string>(['at', 'index', 'pseudonym']);
/** Outcome and type are in the clear when they are words; a text in their place is hidden like any other. */
const WORD = /^[a-z][a-z0-9_.]{0,39}$/;

/**
 * The leaf of an event, canonical JSON: what the Merkle tree is made of. It can be kept for ever, because all that
 * tells of a person is in it only as a salted hash (docs/audit-format.md).
 * @param values the canonical values of `record`
 * @param logId the log's pseudonym
 * @param salt 16 random bytes in hex
 */
export function writeLeaf(record: AuditRecord, values: CanonicalValues, logId: string, salt: string): string {
  const [outcome, type] = [isWord(record.outcome), isWord(record.type)];
  let fields = '';
  for (let at = 0; at < RECORD_KEYS.length; at += 1) {
    const key = RECORD_KEYS[at] ?? 'why';
    const value = values[at];
    if (value === undefined || CLEAR.has(key) || (outcome && key === 'outcome') || (type && key === 'type'))
      continue;
    // The key keeps equal values of two fields from having equal hashes.
    fields += `${fields === '' ? '' : ','}"${key}":"${hash('sha256', salt + key + value, 'base64url')}"`;
  }
  const member = record.pseudonym === undefined ? '' : `"member":"${record.pseudonym}",`;
  return (
    `{"at":"${record.at}","fields":{${fields}},"index":${record.index},"log":"${logId}",${member}` +
    `"outcome":"${outcome ? record.outcome : '-'}","type":"${type ? record.type : '-'}","v":1}`
  );
}

function isWord(text: string): boolean {
  return WORD.test(text);
}
