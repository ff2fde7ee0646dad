import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../config-readers.ts';
import type { Caller } from './router.ts';

/** What a proxy says of the visitor it speaks for; then the peer is not who asks. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

export function describeCaller({ headers, socket }: IncomingMessage): Caller {
  const isForwarded = FORWARDED.some((name) => headers[name] !== undefined);
  return {
    isHere: isLoopbackAddress(socket.remoteAddress) && namesLoopback(headers.host) && !isForwarded,
    authorization: headers.authorization ?? '',
  };
}

/** 127.0.0.0/8 (RFC 1122 §3.2.1.3), also as an IPv6 socket shows it, and ::1. */
function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/.test(address);
}

/** By another name it may be a web page that has its name lead here (DNS rebinding). */
function namesLoopback(host: string | undefined): boolean {
  const url = `http://${host ?? ''}/`;
  return host !== undefined && URL.canParse(url) && isLoopback(url);
}
