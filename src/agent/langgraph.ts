import { createRequire } from 'node:module';

// By `require`, for the same reason as db/drizzle.ts, and so that there is one copy of @langchain/core beside
// @auth0/ai-langchain, which only loads as CommonJS.
const require = createRequire(import.meta.url);

const langgraph = require('@langchain/langgraph') as typeof import('@langchain/langgraph');
const checkpoint =
  require('@langchain/langgraph-checkpoint-postgres') as typeof import('@langchain/langgraph-checkpoint-postgres');

export const { Annotation, END, Send, START, StateGraph, interrupt } = langgraph;
export const { PostgresSaver } = checkpoint;
