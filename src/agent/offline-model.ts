import { catalog, toToolName } from '../actions/catalog.ts';
import type { ToolModel } from './model.ts';
import { OFFLINE_LABEL } from './offline-label.ts';
import { createOfflinePlanner } from './planner/planner.ts';

/** The built-in planner: requests by grammar, no network, labelled as what it is. */
export function createOfflineModel(now: () => Date): ToolModel {
  const planner = createOfflinePlanner({ now });
  const bound = planner.bindTools(
    catalog.map(({ id, description }) => ({
      type: 'function',
      function: { name: toToolName(id), description },
    })),
  );
  return { label: OFFLINE_LABEL, invoke: (messages) => bound.invoke(messages) };
}
