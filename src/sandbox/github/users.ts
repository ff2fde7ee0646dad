import type { User } from './state.ts';

export const USERS: readonly User[] = [
  { login: 'ada-acme', id: 9001, name: 'Ada', email: 'ada@acme.test', type: 'User', signsIn: true },
  { login: 'ben-acme', id: 9002, name: 'Ben', email: 'ben@acme.test', type: 'User', signsIn: true },
  { login: 'priya-acme', id: 9003, name: 'Priya', email: 'priya@acme.test', type: 'User', signsIn: false },
  {
    login: 'passer-by',
    id: 9004,
    name: 'A passer-by',
    email: 'passer-by@else.example',
    type: 'User',
    signsIn: false,
  },
  { login: 'acme', id: 9100, name: 'Acme', email: 'hello@acme.test', type: 'Organization', signsIn: false },
];

export function findUser(login: string): User | null {
  const wanted = login.toLowerCase();
  return USERS.find((user) => user.login === wanted) ?? null;
}
