import type postgres from 'postgres';
import { isConnectionLost } from './lost.ts';

/** Statements with more parameters than this differ in length each time, so keeping them would only cost memory. */
const MOST_PARAMETERS = 200;

type Work = (sql: postgres.TransactionSql) => unknown;

/**
 * Has the statements of the ORM prepared once a connection. Drizzle sends each one as `unsafe` without that, and
 * postgres.js then asks the server for its parameter types first: two round trips and a plan for every statement.
 * Transactions end with their connection; see {@link begin}.
 */
export function prepareStatements<Sql extends postgres.Sql | postgres.TransactionSql>(
  sql: Sql,
  assertOpen: () => void = () => undefined,
): Sql {
  return new Proxy(sql, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === 'unsafe') {
        return (text: string, args: never[] = [], options: postgres.UnsafeQueryOptions = {}) => {
          assertOpen();
          return target.unsafe(text, args, {
            ...options,
            prepare: args.length > 0 && args.length <= MOST_PARAMETERS,
          });
        };
      }
      if (name === 'begin') return (...args: [...unknown[], Work]) => begin(target as postgres.Sql, args);
      if (name === 'savepoint') {
        return (...args: [...unknown[], Work]) =>
          (value as (...args: unknown[]) => unknown)(
            ...args.map((arg) =>
              typeof arg === 'function'
                ? (inner: postgres.TransactionSql) => (arg as Work)(prepareStatements(inner, assertOpen))
                : arg,
            ),
          );
      }
      return value;
    },
  });
}

/**
 * A transaction that is over once its connection is. postgres.js 3.4.9 would go on: it sends a rollback into the closed
 * socket, which throws where nobody can catch it, and statements that follow would run alone, on whatever connection
 * took the place. So work that lost its connection never settles (the driver rejects the transaction by itself when
 * the socket closes), and nothing it still wants to say is sent.
 */
async function begin(sql: postgres.Sql, args: [...unknown[], Work]): Promise<unknown> {
  const work = args.pop() as Work;
  let over = false;
  const assertOpen = (): void => {
    if (over) throw Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' });
  };
  const guarded = async (inner: postgres.TransactionSql): Promise<unknown> => {
    try {
      return await work(prepareStatements(inner, assertOpen));
    } catch (error) {
      if (over || isConnectionLost(error)) return new Promise(() => undefined);
      throw error;
    }
  };
  try {
    return await (sql.begin as (...args: unknown[]) => Promise<unknown>)(...args, guarded);
  } finally {
    over = true;
  }
}
