/**
 * GitHub has no narrower scope that reaches private repositories. A GitHub App grants none at all: its
 * permissions are set where it is installed.
 */
export const REPOSITORY_SCOPES = ['repo'] as const;
