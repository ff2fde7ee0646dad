grant select, insert, update on agentdesk.revocations to agentdesk_app;
