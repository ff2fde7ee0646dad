import type { JWTPayload } from 'jose';
import type { strongRequests } from '../../../db/schema/strong-requests.ts';

export type DeviceRequest = typeof strongRequests.$inferSelect;

/** What no answer to the question itself is: ask or poll again later, or never. */
export type Trouble =
  | {
      readonly kind: 'later';
      readonly code: 'vault_unreachable' | 'device_busy';
      /** Seconds the tenant wants to be left alone; null when it does not say. */
      readonly seconds: number | null;
    }
  | {
      readonly kind: 'refused';
      readonly code: 'device_not_enrolled' | 'vault_misconfigured';
      /** The tenant's own error code. */
      readonly problem: string;
    };

/** What `/bc-authorize` answered (CIBA Core §7.3, §13). */
export type Asked =
  | {
      readonly kind: 'asked';
      readonly authReqId: string;
      /** Seconds the device may answer. */
      readonly seconds: number;
      /** Seconds between polls. */
      readonly interval: number;
    }
  | Trouble;

/** What the token endpoint answered to a poll (CIBA Core §11). */
export type Polled =
  | { readonly kind: 'confirmed'; readonly accessToken: string }
  | { readonly kind: 'pending' }
  | { readonly kind: 'slow_down'; readonly seconds: number | null }
  /** `access_denied`: at Auth0 an expired request, too. */
  | { readonly kind: 'denied' }
  | { readonly kind: 'expired' }
  /** Redeemed before, or unknown. */
  | { readonly kind: 'spent' }
  | Trouble;

/** The tenant as the one who asks a member's own device. */
export interface TenantCiba {
  readonly issuer: string;
  /** The tenant as people know it. */
  readonly domain: string;
  readonly clientId: string;
  /** Seconds a request stays open; above 300 Auth0 asks by e-mail instead of the app. */
  readonly expirySeconds: number;
  ask(request: {
    readonly subject: string;
    readonly bindingMessage: string;
    readonly details: Record<string, unknown> & { type: string };
  }): Promise<Asked>;
  poll(authReqId: string): Promise<Polled>;
  /**
   * Checks signature, pinned issuer, audience and times of an access token.
   * @throws DeskError `vault_unreachable` when the keys cannot be read; another error when the token does not hold
   */
  verify(accessToken: string): Promise<JWTPayload>;
}
