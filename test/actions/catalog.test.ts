import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readArguments } from '../../src/actions/arguments.ts';
import { catalog, findAction, findActionByTool, toToolName } from '../../src/actions/catalog.ts';

const TOOLS = `calendar_events_list calendar_freebusy_query calendar_events_insert calendar_events_patch
  calendar_events_delete gmail_messages_list gmail_messages_get gmail_drafts_create gmail_messages_send
  github_repos_list github_issues_list github_issues_get github_issues_create github_issues_createComment
  github_issues_update`.split(/\s+/);

describe('the catalog', () => {
  it('has the fifteen actions, found by id and by tool name and by nothing near', () => {
    expect(catalog.map(({ id }) => toToolName(id))).toEqual(TOOLS);
    for (const action of catalog) {
      expect(findAction(action.id)).toBe(action);
      expect(findActionByTool(toToolName(action.id))).toBe(action);
    }
    expect(findActionByTool('gmail.messages.send')).toBeUndefined();
    expect(findActionByTool('gmail_messages_sendd')).toBeUndefined();
    expect(findAction('constructor')).toBeUndefined();
  });

  it.each(catalog.map((action) => [action.id, action] as const))('%s is declared in full', (_id, action) => {
    expect(action.id.startsWith(`${action.service}.`)).toBe(true);
    expect(action.connection).toBe(action.service === 'github' ? 'github' : 'google-oauth2');
    expect(action.scopes.length).toBeGreaterThan(0);
    expect(action.description.length).toBeGreaterThan(40);
    const reads = [...action.requests.inspect, ...action.requests.reconcile];
    expect(reads.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(action.requests.perform.length).toBeGreaterThan(0);
    expect(action.requests.reconcile.length > 0).toBe(action.risk !== 'read');
    const schema = z.toJSONSchema(action.schema, { io: 'input' });
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
  });

  it('takes null for left out, and names what is wrong with arguments', () => {
    const action = findAction('github.issues.list');
    if (action === undefined) throw new Error('missing');
    expect(readArguments(action, { repository: 'acme/site', labels: null })).toEqual({
      repository: 'acme/site',
      state: 'open',
      max: 20,
    });
    expect(() => readArguments(action, { repository: 'acme/site', max: 1.5 })).toThrow(/max/);
    expect(() => readArguments(action, 'acme/site')).toThrow(/github\.issues\.list/);
  });
});
