import type { Store, Stored } from '../http/store.ts';

export interface User {
  readonly login: string;
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly type: 'User' | 'Organization';
  /** Whether the consent page offers this account. */
  readonly signsIn: boolean;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

export type Role = 'admin' | 'push' | 'pull';

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly description: string;
  /** By login. */
  readonly roles: Readonly<Record<string, Role>>;
  readonly createdAt: string;
  hasIssues: boolean;
  labels: Label[];
}

export interface Comment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly createdAt: string;
}

export interface Issue {
  readonly id: number;
  readonly repositoryId: number;
  readonly number: number;
  readonly author: string;
  readonly createdAt: string;
  /** Pull requests share numbers and lists with issues. */
  readonly isPull: boolean;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: string | null;
  /** Names. */
  labels: readonly string[];
  /** Logins. */
  assignees: readonly string[];
  comments: Comment[];
  /** RFC 3339, whole seconds, as GitHub keeps it. */
  updatedAt: string;
  closedAt: string | null;
}

interface Code {
  readonly digest: string;
  readonly login: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly challenge: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Tokens of an OAuth app do not run out; they end when they or their grant are revoked. */
export interface Token {
  readonly id: number;
  readonly digest: string;
  readonly lastEight: string;
  readonly login: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
}

export interface GithubState extends Stored {
  readonly version: 1;
  readonly clientId: string;
  readonly clientSecret: string;
  lastId: number;
  codes: Code[];
  tokens: Token[];
  repositories: Repository[];
  issues: Issue[];
}

/** What every part of the stand-in works on. */
export interface Github {
  readonly store: Store<GithubState>;
  readonly now: () => Date;
}

export function nextId(state: GithubState): number {
  state.lastId += 1;
  return state.lastId;
}

/** RFC 3339 in whole seconds. */
export function formatSecond(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export function fullNameOf(repository: Repository): string {
  return `${repository.owner}/${repository.name}`;
}
