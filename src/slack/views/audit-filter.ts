import type { SlackDeps, ViewArgs } from '../deps.ts';
import { readAuditFilter, readFilterPart } from '../home/audit-filter.ts';
import { publishHome } from '../home/publish.ts';
import { narrow } from '../home/state.ts';
import { readActor } from '../identity.ts';

type Value = ViewArgs['view']['state']['values'][string][string];

/** The filter form was sent: the timeline is drawn anew, by who may see what now. */
export async function handleAuditFilterForm(deps: SlackDeps, args: ViewArgs): Promise<void> {
  const { ack, body, client, context, view } = args;
  const typed = Object.fromEntries(
    Object.entries(view.state.values).map(([id, { value }]) => [id, readValue(value)]),
  );
  const wrong = Object.entries(typed).find(
    ([id, value]) => value !== undefined && readFilterPart(id, value) === null,
  );
  if (wrong !== undefined)
    return ack({
      response_action: 'errors',
      errors: { [wrong[0]]: 'This cannot be looked for. Leave it empty.' },
    });
  const filter = readAuditFilter(typed);
  if (filter.from !== undefined && filter.to !== undefined && filter.to < filter.from)
    return ack({ response_action: 'errors', errors: { to: 'Choose a day that is not before the first.' } });
  await ack();
  await publishHome(deps, client, readActor(context, body.user), narrow(filter), null);
}

function readValue(value: Value | undefined): string | undefined {
  const given =
    value?.selected_option?.value ?? value?.selected_date ?? value?.selected_user ?? value?.value ?? '';
  return given.trim() === '' ? undefined : given;
}
