import type { policyVersions } from '../../db/schema/policy.ts';
import type { Classification } from '../rules/classify.ts';
import type { LayerDocument, Role } from '../rules/types.ts';

export type PolicySourceName = (typeof policyVersions.$inferSelect)['source'];
export type VersionStatus = (typeof policyVersions.$inferSelect)['status'];

/** One immutable version of a layer. */
export interface PolicyVersion {
  readonly id: string;
  readonly workspaceId: string;
  /** `''` = the organisation, else a member. */
  readonly owner: string;
  readonly number: number;
  /** The version it was made from. */
  readonly parent: number;
  readonly document: LayerDocument;
  readonly cedar: string;
  /** A member, or `operator`. */
  readonly author: string;
  readonly source: PolicySourceName;
  /** What changed from the parent, a sentence each. */
  readonly diff: readonly string[];
  readonly classification: Classification;
  readonly status: VersionStatus;
  readonly approvalId: string | null;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
  /** When it was superseded or rejected. */
  readonly endedAt: Date | null;
}

/** Who changes a policy. `operator` is whoever runs the program. */
export interface PolicyAuthor {
  readonly memberId: string;
  readonly role: Role;
}

/** The layer that is in force. */
export interface LayerHead {
  /** 0 when nothing was ever written. */
  readonly number: number;
  readonly document: LayerDocument;
  readonly cedar: string;
  /** Who wrote it, and when; null for version 0. */
  readonly author: string | null;
  readonly createdAt: Date | null;
}
