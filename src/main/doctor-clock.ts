import { fail, pass, warn, type Finding } from './doctor-finding.ts';

/** Statements that we sign for the vault are refused when they are a minute off (facts of the Token Vault grant). */
const UNUSABLE_MS = 30_000;

/**
 * Judges how far another clock is ahead of ours.
 * @param skewMs null = it did not say; then nothing is found
 * @param tolerance milliseconds that do not matter; measured skew is rarely exact
 */
export function judgeSkew(check: string, whose: string, skewMs: number | null, tolerance: number): Finding[] {
  if (skewMs === null) return [];
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1);
  const relation = `${whose}'s clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} ours`;
  const fix = 'Let both machines keep time by NTP, here for example with: timedatectl set-ntp true';
  if (Math.abs(skewMs) <= tolerance) return [pass(check, `agrees with ours within ${tolerance / 1000} s`)];
  return [(Math.abs(skewMs) > UNUSABLE_MS ? fail : warn)(check, relation, fix)];
}
