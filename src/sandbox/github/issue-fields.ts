import { parseJson } from '../http/body.ts';
import type { Incoming } from '../http/exchange.ts';
import { refuse, refuseInvalid } from './errors.ts';
import { nextId, type Github, type Repository } from './state.ts';

const MAX_TITLE = 256;
const MAX_BODY = 65_536;

/** @throws Refusal 400 for a body that is no JSON object */
export function readBody(request: Incoming): Record<string, unknown> {
  const value = request.body.length === 0 ? {} : parseJson(request.body.toString('utf8'));
  if (value === undefined) throw refuse(400, 'Problems parsing JSON');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(400, 'Body should be a JSON object');
  }
  return value as Record<string, unknown>;
}

/** @throws Refusal 422 */
export function readTitle(value: unknown): string {
  if (value === undefined) throw refuse(422, 'Invalid request.\n\n"title" wasn\'t supplied.');
  const title = typeof value === 'number' ? String(value) : value;
  if (typeof title !== 'string') throw refuse(422, "Invalid request.\n\nFor 'title', it is not a string.");
  if (title.trim() === '') throw refuseInvalid({ resource: 'Issue', field: 'title', code: 'missing_field' });
  if (title.length > MAX_TITLE) throw refuseTooLong('Issue', 'title', MAX_TITLE);
  return title;
}

/** @throws Refusal 422 */
export function readText(value: unknown, resource: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw refuse(422, "Invalid request.\n\nFor 'body', it is not a string.");
  if (value.length > MAX_BODY) throw refuseTooLong(resource, 'body', MAX_BODY);
  return value;
}

function refuseTooLong(resource: string, field: string, most: number): ReturnType<typeof refuse> {
  const message = `${field} is too long (maximum is ${most} characters)`;
  return refuseInvalid({ resource, field, code: 'custom', message });
}

/** Label names as the repository spells them; the ones it lacks are made, as GitHub does. */
export function resolveLabels(github: Github, repository: Repository, value: unknown): string[] {
  const names = readList(value, 'labels').map((entry) => {
    const name = typeof entry === 'object' && entry !== null ? (entry as { name?: unknown }).name : entry;
    if (typeof name !== 'string' || name.trim() === '') {
      throw refuseInvalid({ resource: 'Label', field: 'name', code: 'missing_field' });
    }
    return name.trim();
  });
  return names.map((name) => {
    const known = repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
    if (known) return known.name;
    repository.labels.push({ id: nextId(github.store.state), name, color: 'ededed', description: '' });
    return name;
  });
}

/** @throws Refusal 422 for somebody who has no access to the repository */
export function resolveAssignees(repository: Repository, value: unknown): string[] {
  return readList(value, 'assignees').map((entry) => {
    const login = typeof entry === 'string' ? entry.toLowerCase() : '';
    if (!repository.roles[login]) {
      throw refuseInvalid({ resource: 'Issue', field: 'assignees', code: 'invalid', value: entry });
    }
    return login;
  });
}

function readList(value: unknown, field: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw refuse(422, `Invalid request.\n\nFor '${field}', it is not an array.`);
  return value as unknown[];
}
