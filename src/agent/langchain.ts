/**
 * The only file that loads `@langchain/*`, and it does so by `require`: the CommonJS builds start in a
 * fraction of the time the ES module builds take (they read far fewer files).
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const messages = require('@langchain/core/messages') as typeof import('@langchain/core/messages');
const chatModels =
  require('@langchain/core/language_models/chat_models') as typeof import('@langchain/core/language_models/chat_models');

export const { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } = messages;
export const { BaseChatModel } = chatModels;

export type AIMessage = import('@langchain/core/messages').AIMessage;
export type AIMessageChunk = import('@langchain/core/messages').AIMessageChunk;
export type BaseMessage = import('@langchain/core/messages').BaseMessage;
export type HumanMessage = import('@langchain/core/messages').HumanMessage;
export type SystemMessage = import('@langchain/core/messages').SystemMessage;
export type ToolMessage = import('@langchain/core/messages').ToolMessage;
export type BaseChatModel = import('@langchain/core/language_models/chat_models').BaseChatModel;
export type BaseChatModelCallOptions =
  import('@langchain/core/language_models/chat_models').BaseChatModelCallOptions;
export type BindToolsInput = import('@langchain/core/language_models/chat_models').BindToolsInput;
export type ChatResult = import('@langchain/core/outputs').ChatResult;
