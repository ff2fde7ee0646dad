import { createRequire } from 'node:module';
import type pg from 'pg';
import { PostgresSaver } from './langgraph.ts';

const require = createRequire(import.meta.url);
const { WRITES_IDX_MAP } =
  require('@langchain/langgraph-checkpoint') as typeof import('@langchain/langgraph-checkpoint');

type Saver = InstanceType<typeof PostgresSaver>;

/**
 * LangGraph's saver, with each checkpoint and each set of writes stored by one statement: as durable as its own
 * transactions of many, and one round trip instead of four and more. Reading is its own.
 */
export function createSaver(pool: pg.Pool, schema: string): Saver {
  class OneStatementSaver extends PostgresSaver {
    override async put(...[config, checkpoint, metadata, versions]: Parameters<Saver['put']>) {
      const { thread_id: thread, checkpoint_ns: ns = '', checkpoint_id: parent } = read(config);
      const [blobs, storedMetadata] = await Promise.all([
        this._dumpBlobs(thread, ns, checkpoint.channel_values, versions),
        this._dumpMetadata(metadata) as Promise<object>,
      ]);
      await pool.query({
        name: 'put-checkpoint',
        text: `with blobs as (
            insert into ${schema}.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
            select $1, $2, channel, version, type, blob
            from unnest($7::text[], $8::text[], $9::text[], $10::bytea[]) as b (channel, version, type, blob)
            on conflict (thread_id, checkpoint_ns, channel, version) do nothing)
          insert into ${schema}.checkpoints
            (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
          values ($1, $2, $3, $4, $5, $6)
          on conflict (thread_id, checkpoint_ns, checkpoint_id)
          do update set checkpoint = excluded.checkpoint, metadata = excluded.metadata`,
        values: [
          ...[thread, ns, checkpoint.id, parent ?? null],
          ...[this._dumpCheckpoint(checkpoint), storedMetadata],
          ...[2, 3, 4].map((column) => blobs.map((blob) => blob[column])),
          blobs.map((blob) => toBuffer(blob[5])),
        ],
      });
      return { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: checkpoint.id } };
    }

    override async putWrites(...[config, writes, taskId]: Parameters<Saver['putWrites']>): Promise<void> {
      const { thread_id: thread, checkpoint_ns: ns = '', checkpoint_id: checkpoint = '' } = read(config);
      const rows = await this._dumpWrites(thread, ns, checkpoint, taskId, writes);
      // As LangGraph has it: a task's special writes (an error, an interrupt) replace, its results are kept.
      const isSpecial = writes.every(([channel]) => channel in WRITES_IDX_MAP);
      await pool.query({
        name: isSpecial ? 'put-special-writes' : 'put-writes',
        text: `insert into ${schema}.checkpoint_writes
            (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, blob)
          select $1, $2, $3, $4, idx, channel, type, blob
          from unnest($5::int[], $6::text[], $7::text[], $8::bytea[]) as w (idx, channel, type, blob)
          on conflict (thread_id, checkpoint_ns, checkpoint_id, task_id, idx) ${
            isSpecial
              ? 'do update set channel = excluded.channel, type = excluded.type, blob = excluded.blob'
              : 'do nothing'
          }`,
        values: [
          ...[thread, ns, checkpoint, taskId],
          ...[4, 5, 6].map((column) => rows.map((row) => row[column])),
          rows.map((row) => toBuffer(row[7])),
        ],
      });
    }
  }
  return new OneStatementSaver(pool, undefined, { schema });
}

interface Place {
  readonly thread_id: string;
  readonly checkpoint_ns?: string;
  readonly checkpoint_id?: string;
}

function read(config: Parameters<Saver['put']>[0]): Place {
  if (config.configurable === undefined) throw new Error('a checkpoint needs a thread');
  return config.configurable as Place;
}

/** node-postgres writes a Buffer inside an array as bytea, and any other Uint8Array as something else. */
function toBuffer(bytes: Uint8Array | undefined): Buffer | null {
  return bytes === undefined ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
