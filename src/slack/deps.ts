import type { AllMiddlewareArgs, SlackActionMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { BlockAction, SlackEventMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import type { Outcome } from '../agent/outcome.ts';
import type { CallDeps } from '../calls/deps.ts';
import type { FillForm } from '../policy/language/understand.ts';
import type { PolicyDeps } from '../policy/versions/propose.ts';
import type { SlackClients } from './clients.ts';
import type { Directory } from './directory/directory.ts';

/** What people are told about an action; the catalog itself belongs to another room. */
export interface CatalogAction {
  readonly id: string;
  readonly service: string;
  readonly risk: 'read' | 'write' | 'delete';
  readonly description: string;
}

export interface SlackDeps {
  readonly calls: CallDeps;
  readonly policy: PolicyDeps;
  /** Reads sentences as rules where a model is configured; else our own grammar does. */
  readonly fillForm: FillForm | null;
  readonly clients: SlackClients;
  readonly directory: Directory;
  readonly catalog: readonly CatalogAction[];
  /** How the model is named to people: a model's name, or the offline planner. */
  readonly model: string;
}

/** What the worker of a conversation needs besides: the agent. Turn, resume and retry are this one function. */
export interface WorkDeps extends SlackDeps {
  readonly run: (turnId: string) => Promise<Outcome>;
}

export type EventArgs<Type extends string = string> = SlackEventMiddlewareArgs<Type> & AllMiddlewareArgs;
export type ActionArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;
export type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;
export type ViewArgs = SlackViewMiddlewareArgs & AllMiddlewareArgs;
